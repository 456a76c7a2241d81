//! Where in a document a byte stands, in words.

use super::{Cursor, Text};
use core::fmt::{self, Write};

/// Writes the path of the byte at `at`, such as `$[3].certificates[0].validTo`.
///
/// It is found again by walking the document, so that reading need not carry it; ask for it only
/// when there is an error to show. Where the document cannot be read the path ends.
///
/// # Errors
/// Only those of `out`.
pub fn path(document: &[u8], at: usize, out: &mut (impl Write + ?Sized)) -> fmt::Result {
    out.write_char('$')?;
    let Ok(mut cursor) = Cursor::new(document) else { return Ok(()) };
    // Each round goes one level down; a level takes a byte at least, so the rounds are bounded.
    while let Ok(open @ (b'[' | b'{')) = cursor.peek() {
        if cursor.at() >= at {
            return Ok(());
        }
        let Ok(mut inside) = cursor.enter(open) else { return Ok(()) };
        let mut index = 0usize;
        loop {
            let Ok(true) = cursor.more(&mut inside) else { return Ok(()) };
            let mut name = Text::default();
            if open == b'{' {
                let Ok((raw, _)) = cursor.name() else { return Ok(()) };
                name = Text::new(raw);
            }
            let value = cursor;
            if cursor.skip().is_ok() && cursor.at() <= at {
                index = index.wrapping_add(1);
                continue;
            }
            match open {
                b'{' => write!(out, ".{name}")?,
                _ => write!(out, "[{index}]")?,
            }
            cursor = value;
            break;
        }
    }
    Ok(())
}
