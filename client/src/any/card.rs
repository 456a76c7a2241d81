//! A card's record in either system.

use crate::certiflow::CertiFlowCard;
use crate::mim::MimCard;
use crate::record::Record;
use std::ops::Deref;

/// A card's record in one of the systems. It dereferences to [`Record`], which has its fields.
#[derive(Debug, Clone)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum AnyCard {
    /// A record of MIM CM.
    Mim(MimCard),
    /// A record of CertiFlow.
    CertiFlow(CertiFlowCard),
}

impl Deref for AnyCard {
    type Target = dyn Record;

    fn deref(&self) -> &Self::Target {
        match self {
            AnyCard::Mim(card) => card,
            AnyCard::CertiFlow(card) => card,
        }
    }
}
