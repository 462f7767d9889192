//! What callers sent, shown back to them without all of it.

use std::borrow::Cow;

use super::limits::SHOWN_CHARACTERS_MAX;

/// A sentence of at most [`SHOWN_CHARACTERS_MAX`] characters. Of a longer one the middle is left out:
/// what is long is what somebody sent, and what is wrong with it stands before and behind that.
pub fn shortened(sentence: Cow<'static, str>) -> Cow<'static, str> {
    // Few sentences are so long, and fewer bytes are no more characters.
    if sentence.len() <= SHOWN_CHARACTERS_MAX || sentence.chars().count() <= SHOWN_CHARACTERS_MAX {
        return sentence;
    }
    let kept = (SHOWN_CHARACTERS_MAX - 1) / 2;
    let starts: Vec<usize> = sentence.char_indices().map(|(start, _)| start).collect();
    let (front, back) = (starts[kept], starts[starts.len() - kept]);
    Cow::Owned(format!("{}…{}", &sentence[..front], &sentence[back..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_keeps_its_beginning_and_its_end() {
        let short = "seats[0]: \"É-1\" is not a seat of this concert";
        assert_eq!(shortened(Cow::Borrowed(short)), short);
        let all = "é".repeat(SHOWN_CHARACTERS_MAX);
        assert_eq!(shortened(Cow::Owned(all.clone())), all);
        let id = "é".repeat(5_000);
        let long = shortened(Cow::Owned(format!("seats[0]: {id} is not a seat of this concert")));
        assert!(
            long.starts_with("seats[0]: éé") && long.ends_with("éé is not a seat of this concert")
        );
        assert!(long.contains("é…é"), "{long}");
        assert!((SHOWN_CHARACTERS_MAX - 1..=SHOWN_CHARACTERS_MAX).contains(&long.chars().count()));
    }
}
