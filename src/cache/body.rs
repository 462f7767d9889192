//! An answer as the bytes that go over the wire, in every encoding, and how it is written to Redis.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::time::Duration;

use bytes::Bytes;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::lifetime::Life;

/// Brotli's quality: beyond it, a page takes many times as long to be a little smaller.
const BROTLI_QUALITY: i32 = 5;
const BROTLI_WINDOW: i32 = 20;
const BUFFER_BYTES: usize = 4096;
/// The version of the form in Redis. What has another is not read.
const FORM: u8 = 1;
/// Form, whether there is such a thing, and five times of eight bytes.
const HEAD_BYTES: usize = 2 + 5 * 8;

/// How bytes are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

/// Bytes in every encoding, with what tells them from others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    plain: Bytes,
    brotli: Bytes,
    gzip: Bytes,
    tag: String,
}

impl Encoded {
    /// Encodes bytes: milliseconds of work for a large page.
    pub fn new(plain: Vec<u8>) -> Self {
        let mut brotli = Vec::new();
        let mut writer = brotli::CompressorWriter::new(
            &mut brotli,
            BUFFER_BYTES,
            BROTLI_QUALITY as u32,
            BROTLI_WINDOW as u32,
        );
        // Writing to memory cannot fail.
        let _ = writer.write_all(&plain);
        drop(writer);
        Self::with(plain, brotli.into())
    }

    /// The same of what was encoded before.
    fn of_brotli(brotli: Bytes) -> Option<Self> {
        let mut plain = Vec::new();
        brotli::Decompressor::new(&brotli[..], BUFFER_BYTES).read_to_end(&mut plain).ok()?;
        Some(Self::with(plain, brotli))
    }

    fn with(plain: Vec<u8>, brotli: Bytes) -> Self {
        let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
        let _ = gzip.write_all(&plain);
        let gzip = gzip.finish().unwrap_or_default().into();
        let mut tag = String::with_capacity(32);
        for byte in &Sha256::digest(&plain)[..16] {
            let _ = write!(tag, "{byte:02x}");
        }
        Self { plain: plain.into(), brotli, gzip, tag }
    }

    /// The bytes in an encoding.
    pub fn bytes(&self, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Identity => self.plain.clone(),
            Encoding::Brotli => self.brotli.clone(),
            Encoding::Gzip => self.gzip.clone(),
        }
    }

    /// What tells them from other bytes, in whichever encoding: 32 hexadecimal digits.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Bytes that it takes in memory.
    pub fn size(&self) -> usize {
        self.plain.len() + self.brotli.len() + self.gzip.len() + self.tag.len()
    }
}

/// An answer, or that there is none.
#[derive(Debug, PartialEq, Eq)]
pub struct Body {
    /// The answer, if there is such a thing.
    pub encoded: Option<Encoded>,
    /// What the header `Link` says of it.
    pub link: Option<String>,
    made_at: Timestamp,
    life: Life,
}

impl Body {
    /// An answer that was made at `made_at`. Whatever its life, it is fresh until `until` at most.
    pub(super) fn new(
        encoded: Option<Encoded>,
        link: Option<String>,
        made_at: Timestamp,
        until: Option<Timestamp>,
        mut life: Life,
    ) -> Self {
        if let Some(until) = until {
            let left = until.duration_since(made_at);
            life.fresh = life.fresh.min(Duration::try_from(left).unwrap_or_default());
            // Made any earlier, it would end at the same moment.
            life.early = life.early.max(life.fresh).min(life.fresh);
        }
        Self { encoded, link, made_at, life }
    }

    fn age(&self, now: Timestamp) -> Duration {
        // Another instance's clock may be ahead.
        Duration::try_from(now.duration_since(self.made_at)).unwrap_or_default()
    }

    /// Whether it is time to think of making it anew.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.age(now) >= self.life.early
    }

    /// Whether it is as good as new.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        self.age(now) < self.life.fresh
    }

    /// Whether it may be given while it is being made anew.
    pub(super) fn is_usable(&self, now: Timestamp) -> bool {
        self.age(now) < self.life.stale
    }

    /// Whether it may be given when it cannot be made anew.
    pub(super) fn is_better_than_nothing(&self, now: Timestamp) -> bool {
        self.age(now) < self.life.last
    }

    /// How long Redis need keep it.
    pub(super) fn kept_for(&self) -> Duration {
        self.life.stale
    }

    /// Bytes that it takes in memory.
    pub(super) fn size(&self) -> usize {
        let link = self.link.as_ref().map_or(0, String::len);
        HEAD_BYTES + link + self.encoded.as_ref().map_or(0, Encoded::size)
    }

    /// As Redis has it: a head, the link behind its length, and the answer, brotli.
    pub(super) fn pack(&self) -> Vec<u8> {
        let (link, life) = (self.link.as_deref().unwrap_or_default(), &self.life);
        let mut packed = vec![FORM, u8::from(self.encoded.is_some())];
        packed.extend(self.made_at.as_millisecond().to_be_bytes());
        for time in [life.early, life.fresh, life.stale, life.last] {
            packed.extend((time.as_millis() as u64).to_be_bytes());
        }
        packed.extend((link.len() as u16).to_be_bytes());
        packed.extend(link.as_bytes());
        if let Some(encoded) = &self.encoded {
            packed.extend(&encoded.brotli);
        }
        packed
    }

    /// When what is packed was made: enough to know whether one has it.
    pub(super) fn made_at_of(packed: &[u8]) -> Option<Timestamp> {
        let (&[FORM, _], rest) = packed.split_first_chunk()? else { return None };
        let (at, _) = rest.split_first_chunk()?;
        Timestamp::from_millisecond(i64::from_be_bytes(*at)).ok()
    }

    /// When it was made.
    pub(super) fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// Reads what [`pack`](Self::pack) wrote.
    pub(super) fn unpack(packed: &Bytes) -> Option<Self> {
        let made_at = Self::made_at_of(packed)?;
        let there = packed[1] == 1;
        let mut rest = packed.get(10..)?;
        let mut time = || {
            let (time, further) = rest.split_first_chunk()?;
            rest = further;
            Some(Duration::from_millis(u64::from_be_bytes(*time)))
        };
        let life = Life { early: time()?, fresh: time()?, stale: time()?, last: time()? };
        let (length, rest) = rest.split_first_chunk()?;
        let (link, brotli) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let link = (!link.is_empty()).then(|| str::from_utf8(link).map(str::to_owned));
        let encoded = match there {
            true => Some(Encoded::of_brotli(packed.slice_ref(brotli))?),
            false => None,
        };
        Some(Self { encoded, link: link.transpose().ok()?, made_at, life })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{Lifetime, Lifetimes};

    fn body(encoded: Option<Encoded>, until: Option<Timestamp>) -> Body {
        let life = Lifetimes::default().life(Lifetime::Settled, 7);
        let made_at = Timestamp::from_millisecond(1_790_000_000_123).unwrap();
        Body::new(encoded, Some("</next>".to_owned()), made_at, until, life)
    }

    #[test]
    fn an_answer_is_read_back_as_it_was_written() {
        let text = "seats ".repeat(1000).into_bytes();
        let whole = body(Some(Encoded::new(text.clone())), None);
        let packed = Bytes::from(whole.pack());
        assert!(packed.len() < 200, "{} bytes", packed.len());
        assert_eq!(Body::unpack(&packed).unwrap(), whole);
        assert_eq!(whole.encoded.unwrap().bytes(Encoding::Identity), text);
        let none = body(None, None);
        assert_eq!(Body::unpack(&none.pack().into()).unwrap(), none);
        for cut in 0..HEAD_BYTES {
            assert!(Body::unpack(&packed.slice(..cut)).is_none(), "{cut} bytes");
        }
    }

    #[test]
    fn an_answer_that_says_what_is_now_ends_when_that_changes() {
        let body = body(None, None);
        let until = body.made_at + Duration::from_secs(3);
        let ends = self::body(None, Some(until));
        let just_before = until - Duration::from_millis(1);
        assert!(ends.is_fresh(just_before) && !ends.is_due(just_before));
        assert!(!ends.is_fresh(until) && ends.is_usable(until));
        assert!(body.is_fresh(until));
    }
}
