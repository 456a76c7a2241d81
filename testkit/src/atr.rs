//! What must hold of any bytes that are taken for an ATR.

use cardwright_core::atr::{Atr, Historical, InterfaceByte, Rate, Rule, Rules};

/// Asks everything; says whether it is an ATR.
pub fn holds_together(bytes: &[u8]) -> bool {
    let atr = match Atr::parse(bytes) {
        Ok(atr) => atr,
        Err(error) => {
            assert!(error.at <= bytes.len(), "{bytes:02X?}: {error}");
            return false;
        }
    };
    levels(&atr);
    let tck = atr.tck();
    assert_eq!(tck.at, atr.historical_at() + atr.historical_bytes().len());
    assert_eq!(tck.at - atr.historical_at(), usize::from(atr.k()));
    assert_eq!(bytes[1..tck.at].iter().fold(tck.right, |sum, byte| sum ^ byte), 0);
    let known = tck.value.is_some() && tck.expected();
    assert_eq!(tck.at + usize::from(known) + atr.surplus().len(), bytes.len());
    findings(&atr);
    values(&atr);
    built_again(&atr);
    true
}

/// The levels give each byte between T0 and the historical bytes once, in order.
fn levels(atr: &Atr<'_>) {
    let mut next = 2;
    for (n, level) in atr.levels().enumerate() {
        assert_eq!(level.number, n + 1);
        assert_eq!(level.qualified_by.is_none(), n == 0);
        for byte in [level.ta, level.tb, level.tc, level.td].into_iter().flatten() {
            assert_eq!(byte, InterfaceByte { value: atr.bytes()[next], at: next });
            next += 1;
        }
    }
    assert_eq!(next, atr.historical_at(), "{atr}");
}

fn findings(atr: &Atr<'_>) {
    let bytes = atr.bytes();
    let mut before = 0;
    let mut broken = Rules::NONE.bits();
    for finding in atr.findings() {
        assert!(finding.at <= bytes.len(), "{atr}: {finding}");
        assert_eq!(finding.value, bytes.get(finding.at).copied(), "{atr}: {finding}");
        assert!(finding.at >= before || finding.rule == Rule::LongerThan33, "{atr}: {finding}");
        assert!(finding.level == 0 || finding.at < atr.historical_at(), "{atr}: {finding}");
        before = finding.at;
        broken |= 1 << finding.rule.number();
    }
    assert_eq!(atr.broken_rules().bits(), broken);
    assert_eq!(atr.strict().err(), atr.findings().next());
}

/// Every value is one that the standard knows, or `None`.
fn values(atr: &Atr<'_>) {
    let protocols: Vec<_> = atr.protocols().collect();
    assert_eq!(atr.wi().is_some(), protocols.iter().any(|protocol| protocol.t() == 0));
    assert_eq!(atr.t1().is_some(), protocols.iter().any(|protocol| protocol.t() == 1));
    let rate = atr.ta1().rate().unwrap_or(Rate::DEFAULT);
    for rate in [Rate::DEFAULT, rate] {
        let timing = atr.timing(rate);
        let nanoseconds = timing.etu.nanoseconds(4_000_000).expect("a clock");
        assert!((1_453..=512_000).contains(&nanoseconds), "{atr}: {timing:?}");
        assert!(timing.gt.cycles_up() >= 12 * timing.etu.cycles() / u64::from(timing.etu.per()));
        assert_eq!((timing.wt.is_some(), timing.t1.is_some()), (atr.wi().is_some(), atr.t1().is_some()));
    }
    let historical = atr.historical();
    assert_eq!(historical.is_some(), atr.k() > 0);
    if let Some(historical) = historical {
        let mut objects = historical.objects();
        let all = objects.rest().len();
        let length: usize = objects.by_ref().map(|object| 1 + object.value.len()).sum();
        assert_eq!(length + objects.rest().len(), all);
        assert!(objects.next().is_none());
        if let Historical::StorageCard(card) = historical {
            assert!(card.reserved.len() <= 5 && card.announced >= 8);
        }
    }
    let _ = (atr.category(), atr.default_protocol(), atr.specific_mode(), atr.globals(), format!("{atr:?}"));
}

/// Its parts make the same ATR, without what stands after the end.
fn built_again(atr: &Atr<'_>) {
    let parts = atr.parts();
    let end = atr.bytes().len() - atr.surplus().len();
    assert_eq!(parts.length(), end, "{atr}");
    let mut room = vec![0; end];
    assert_eq!(parts.write(&mut room), Ok(end), "{atr}");
    assert_eq!(room, atr.bytes()[..end], "{atr}");
    assert!(end <= 33 || parts.build().is_err());
    assert!(end > 33 || parts.build().is_ok_and(|built| built.bytes() == room));
    let again = Atr::parse(&room).expect("an ATR");
    assert!(again.surplus().is_empty() && again.levels().eq(atr.levels()), "{atr}");
    assert!(parts.write(&mut room[1..]).is_err());
}

/// Every beginning of some bytes, and what they are with one bit changed.
pub fn flips_and_cuts(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let cuts = (0..=bytes.len()).map(|length| bytes[..length].to_vec());
    let flips = (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    });
    cuts.chain(flips)
}

pub fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}
