//! What an answer tells: yes, no, or nothing.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::http::Kind;

/// What became of a request, as far as whoever asked was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// It was done.
    Yes(T),
    /// It was not done, and this request will not be.
    No(Reason),
    /// It may have been done, or be done yet.
    Unknown(Doubt),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The problem that was answered; none when nobody could be asked.
    pub kind: Option<Kind>,
    /// The public ids of the seats that somebody else has.
    pub conflicts: Vec<String>,
    /// Seconds after which asking again makes sense, if the answer said so.
    pub retry_after: Option<u32>,
}

/// Why it is not known what became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The service answered that it does not know.
    Told {
        /// The problem that it answered.
        kind: Kind,
        /// Seconds after which asking again makes sense, if it said so.
        retry_after: Option<u32>,
    },
    /// The connection ended before an answer was there.
    CutOff,
    /// There was no answer in time.
    TimedOut,
    /// The answer is none that the service gives.
    Unreadable,
}

impl Reason {
    /// Nobody could be asked: nothing was sent.
    pub fn unreachable() -> Self {
        Self { kind: None, conflicts: Vec::new(), retry_after: None }
    }

    /// Whether it was answered 503 and told when to ask again.
    pub fn is_not_now(&self) -> bool {
        self.kind.is_some_and(|kind| kind.status() == 503) && self.retry_after.is_some()
    }

    /// Whether it is about what was asked for. If not, it says only that this very request was not
    /// begun, and nothing of what was sent before it under the same key.
    pub fn is_final(&self) -> bool {
        !matches!(self.kind, None | Some(Kind::Overloaded | Kind::BodyTooSlow))
    }
}

/// How somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// How long to ask again about what is in doubt, before it is left in doubt.
    pub patience: Duration,
    /// How long to wait before asking again.
    pub pause: Duration,
}

/// Asking until the outcome is known, or patience is at an end: then it is unknown for good.
///
/// The same request is sent each time, under the same key. After an answer that was lost, "not now"
/// settles nothing: what was sent first may have been done.
#[derive(Debug)]
pub struct Inquiry {
    pause: Duration,
    give_up: Instant,
    in_doubt: Option<Doubt>,
    /// How often it was asked.
    pub asked: u32,
}

impl Inquiry {
    /// One that begins now.
    pub fn new(manners: Manners) -> Self {
        let Manners { patience, pause } = manners;
        Self { pause, give_up: Instant::now() + patience, in_doubt: None, asked: 0 }
    }

    /// Takes note of an answer. What it gives back is settled; otherwise the same is to be asked again,
    /// after a pause.
    pub async fn hear<T>(&mut self, answer: Answer<T>) -> Option<Answer<T>> {
        self.asked += 1;
        match answer {
            Answer::Yes(told) => return Some(Answer::Yes(told)),
            Answer::No(reason) if self.in_doubt.is_none() || reason.is_final() => {
                return Some(Answer::No(reason));
            }
            Answer::No(_) => {}
            Answer::Unknown(doubt) => self.in_doubt = Some(doubt),
        }
        if let Some(doubt) = self.in_doubt
            && Instant::now() >= self.give_up
        {
            return Some(Answer::Unknown(doubt));
        }
        sleep(self.pause).await;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(kind: Kind) -> Answer<u32> {
        let kind = Some(kind);
        Answer::No(Reason { kind, conflicts: Vec::new(), retry_after: None })
    }

    async fn settled(answers: &[Answer<u32>], patience: Duration) -> (Answer<u32>, u32) {
        let mut inquiry = Inquiry::new(Manners { patience, pause: Duration::ZERO });
        for answer in answers {
            if let Some(settled) = inquiry.hear(answer.clone()).await {
                return (settled, inquiry.asked);
            }
        }
        panic!("it asks again");
    }

    #[tokio::test]
    async fn what_is_in_doubt_is_settled_only_by_an_answer_that_is_about_it() {
        let lost = Answer::Unknown(Doubt::CutOff);
        let (overloaded, taken) = (no(Kind::Overloaded), no(Kind::SeatsUnavailable));
        let minute = Duration::from_secs(60);
        // Nothing was sent before: that it was not begun is all there is to know.
        assert_eq!(
            settled(std::slice::from_ref(&overloaded), minute).await,
            (overloaded.clone(), 1)
        );
        let answers = [lost.clone(), overloaded.clone(), Answer::No(Reason::unreachable()), taken];
        assert_eq!(settled(&answers, minute).await, (no(Kind::SeatsUnavailable), 4));
        let answers = [lost.clone(), overloaded, Answer::Yes(7)];
        assert_eq!(settled(&answers, minute).await, (Answer::Yes(7), 3));
        assert_eq!(settled(std::slice::from_ref(&lost), Duration::ZERO).await, (lost, 1));
    }
}
