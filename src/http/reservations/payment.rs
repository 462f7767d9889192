//! `…/reservations/{reservation}/payment`: what organisers' servers do with reservations.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::problems::{PayProblems, PaymentProblems};
use super::verbs::confirmed;
use crate::domain::concert::ConfirmedBy;
use crate::domain::limits::PAYMENT_REFERENCE_BYTES_MAX;
use crate::http::body::ReservationBody;
use crate::http::extract::{JsonBody, Merchant, OfReservation, Wait};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::http::text;
use crate::inventory::commands::Payment;

/// A payment that your server has received.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentBody {
    /// What you call the payment: 1 to 255 characters of ASCII. A reservation is sold for one payment only; one payment
    /// may be for several reservations, each with its own amount.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[ -~]*[!-~][ -~]*$",
        example = "pi_3Nf8Qk2eZv"
    )]
    payment_reference: String,
    /// What was paid.
    amount: PaidAmount,
    /// Whether to sell a hold that has ended all the same, as long as its buyer can have all of it again.
    #[serde(default)]
    honour_late: bool,
}

/// An amount that was paid.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PaidAmount {
    /// In the currency's minor unit.
    #[schema(maximum = 9_007_199_254_740_991_isize, example = 9_000)]
    amount: u64,
    /// The currency's ISO 4217 code.
    #[schema(example = "EUR")]
    currency: String,
}

impl PaymentBody {
    /// The currency, and the payment.
    fn check(self) -> Result<(String, Payment)> {
        let Self { payment_reference, amount, honour_late } = self;
        let field = "payment_reference";
        // A sale that PostgreSQL cannot keep must not be made.
        let reference = text::checked(field, payment_reference, PAYMENT_REFERENCE_BYTES_MAX)?;
        if !reference.is_ascii() {
            let detail = format!("{field}: has a character that is not ASCII");
            let problem = Problem::new(Kind::InvalidRequest);
            return Err(problem.error("pointer", "#/payment_reference", &detail).detail(detail));
        }
        let PaidAmount { amount: total_minor, currency } = amount;
        Ok((currency, Payment { reference, total_minor, honour_late }))
    }
}

/// Look at a reservation of a concert of yours
///
/// For your server, before it asks to be paid: what there is to pay, and until when.
#[utoipa::path(get, path = "/v1/concerts/{concert}/reservations/{reservation}/payment", tag = "organisers", operation_id = "get_payable_reservation",
    security(("service_key" = [])),
    params(OfReservation),
    responses((status = 200, description = "The reservation", body = ReservationBody), PaymentProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    of: OfReservation,
    merchant: Merchant,
) -> Result<Response> {
    let use_case = &state.reservations;
    let found = use_case.find_for_merchant(merchant.organiser, of.concert, of.reservation).await?;
    Ok(Personal(ReservationBody::new(&found)).into_response())
}

/// Confirm a reservation that was paid
///
/// For concerts whose `confirmed_by` is `merchant`. The amount must be what the reservation costs. The
/// same payment again is the same answer again; another amount by the same name, and a payment for what was
/// sold for another, are refused: refund them. A payment after the hold's end is `payment-late`, which says whether the hold can
/// be honoured still: send it again with `honour_late`, or refund it. `Prefer: wait=N` as for confirming.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/payment", tag = "organisers", operation_id = "pay_reservation",
    security(("service_key" = [])), request_body = PaymentBody,
    params(
        OfReservation,
        ("Prefer" = Option<String>, Header, description = "`wait=N`: up to 10 seconds", example = "wait=5"),
    ),
    responses(
        (status = 200, description = "The reservation, confirmed", body = ReservationBody,
         headers(("Preference-Applied" = String, description = "`wait=N`, as it was followed"))),
        (status = 202, description = "It is confirmed; the durable store does not have it yet", body = ReservationBody,
         headers(("Preference-Applied" = String, description = "`wait=N`, as it was followed"))),
        PayProblems,
    ),
)]
pub async fn pay(
    State(state): State<Shared>,
    of: OfReservation,
    wait: Wait,
    Merchant { organiser }: Merchant,
    JsonBody(body): JsonBody<PaymentBody>,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let (currency, payment) = body.check()?;
    // As for confirming: with the ticket, the buyer's session must outlive Redis.
    let sessions = state.sessions.clone();
    let work = async move {
        let found = use_case.find_for_merchant(organiser, of.concert, of.reservation).await;
        if let Ok(found) = found
            && found.can_be_confirmed_by(ConfirmedBy::Merchant)
        {
            sessions.keep_guest(found.reservation.user).await?;
        }
        let left = wait.left();
        let paid = use_case.pay(organiser, of.concert, of.reservation, &currency, payment, left);
        paid.await.map_err(Problem::from)
    };
    Ok(confirmed(&state.to_the_end(work).await?, wait))
}
