//! Money.

use iso_currency::Currency;
use serde::Serialize;

/// An amount of money.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Money {
    /// In the currency's minor unit: cents of euros, whole yen.
    #[schema(example = 4_500)]
    amount: u64,
    /// The currency's ISO 4217 code.
    #[schema(example = "EUR")]
    currency: &'static str,
}

impl Money {
    /// An amount in minor units.
    pub fn new(amount: impl Into<u64>, currency: Currency) -> Self {
        Self { amount: amount.into(), currency: currency.code() }
    }
}
