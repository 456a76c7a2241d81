//! A list that is read on another thread while its cards are used.
//!
//! The thread is one page ahead of the caller at most. A new pass through the list begins only when the caller has
//! used all that came before: a caller that operates on the cards would shift the list under it for ever.

use super::coming::spawn;
use super::walk::{Flow, Item, Walk};
use crate::error::Error;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

/// How many batches may wait.
const WAITING: usize = 24;

/// What comes from the thread.
enum Message {
    Cards(Vec<Item>),
    /// The end of a page, or of a pass.
    End,
}

/// A list that another thread reads.
pub(super) struct Ahead {
    /// What comes, and a word back for each end that the caller has reached.
    channels: Option<(Receiver<Message>, Sender<()>)>,
    process: u32,
}

impl Ahead {
    /// Reads the list on a thread of its own; where there can be none, the list comes back.
    pub(super) fn start(walk: Walk) -> Result<Self, Box<Walk>> {
        let (cards, received) = sync_channel(WAITING);
        let (used, turns) = channel();
        let (hand_over, taken) = channel::<Walk>();
        let run = move || {
            if let Ok(mut walk) = taken.recv() {
                walk.ask_ahead();
                read(&mut walk, &cards, &turns);
            }
        };
        if spawn(run).is_err() {
            return Err(Box::new(walk));
        }
        hand_over.send(walk).map_err(|back| Box::new(back.0))?;
        Ok(Ahead { channels: Some((received, used)), process: std::process::id() })
    }

    /// The next cards; `None` at the end of the list.
    pub(super) fn next(&mut self) -> Option<Vec<Item>> {
        if self.process != std::process::id() {
            std::mem::forget(self.channels.take()?);
            let words = "this list was begun before the process was forked: ask for another one";
            return Some(vec![Err(Error::setup(words))]);
        }
        let (cards, used) = self.channels.as_ref()?;
        loop {
            match cards.recv().ok()? {
                Message::Cards(cards) => return Some(cards),
                Message::End => {
                    let _ = used.send(());
                }
            }
        }
    }
}

impl Drop for Ahead {
    /// In a process that was forked off the thread is not there, and may have held what the channels need.
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.channels.take());
        }
    }
}

/// Reads a list to its end, or until nobody wants it any more.
fn read(walk: &mut Walk, cards: &SyncSender<Message>, turns: &Receiver<()>) {
    // How many ends the caller has not reached.
    let mut ahead = 0_u32;
    loop {
        let mut batch = Vec::new();
        let flow = walk.more(&mut batch);
        if !batch.is_empty() && cards.send(Message::Cards(batch)).is_err() {
            return;
        }
        let may = match flow {
            Flow::Over => return,
            Flow::Within => continue,
            Flow::PageEnd => 1,
            Flow::PassEnd => 0,
        };
        if cards.send(Message::End).is_err() {
            return;
        }
        ahead += 1;
        while ahead > may {
            if turns.recv().is_err() {
                return;
            }
            ahead -= 1;
        }
    }
}
