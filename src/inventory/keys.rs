//! The only maker of Redis key names for seats. A concert's keys and its partition's share a hash
//! tag, and so a Redis Cluster slot.

use std::fmt::Display;

use crate::domain::ids::ConcertId;

/// What a concert's keys end in, in the order that the scripts receive them.
const CONCERT_SUFFIXES: [&str; 7] =
    [":meta", ":seats", ":holders", ":reservations", ":owners", ":areas", ":area_holds"];

/// The keys of one partition.
#[derive(Clone, Debug)]
pub struct PartitionKeys {
    /// Stream: every change to a seat.
    pub log: String,
    /// Sorted set: concert and reservation id → when the record next needs attention, in ms.
    pub deadlines: String,
    /// String: the epoch that the partition's state belongs to.
    pub epoch: String,
    /// Set: the prefixes of the concerts that are loaded.
    pub loaded: String,
}

impl PartitionKeys {
    /// The keys of a partition.
    pub fn new(partition: u16) -> Self {
        let key = |name| format!("{{{partition}}}:{name}");
        Self {
            log: key("log"),
            deadlines: key("deadlines"),
            epoch: key("epoch"),
            loaded: key("loaded"),
        }
    }
}

/// The keys of one concert: those every script takes, in the order it takes them.
#[derive(Clone, Debug)]
pub struct ConcertKeys {
    /// What the concert's own keys begin with.
    pub prefix: String,
    /// Its id, as scripts take it.
    pub concert: ConcertId,
    /// meta, seats, holders, reservations, owners, areas, area_holds, then the partition's deadlines
    /// and log.
    scripted: [String; 9],
}

impl ConcertKeys {
    /// The keys of a concert in its partition.
    pub fn new(partition: u16, concert: ConcertId) -> Self {
        let prefix = format!("{{{partition}}}:{concert}");
        let PartitionKeys { log, deadlines, .. } = PartitionKeys::new(partition);
        let [meta, seats, holders, reservations, owners, areas, area_holds] =
            CONCERT_SUFFIXES.map(|suffix| format!("{prefix}{suffix}"));
        let scripted =
            [meta, seats, holders, reservations, owners, areas, area_holds, deadlines, log];
        Self { prefix, concert, scripted }
    }

    /// The keys that every script over a concert takes first.
    pub fn scripted(&self) -> &[String; 9] {
        &self.scripted
    }

    /// Hash: the settings; it has an epoch once the concert is loaded.
    pub fn meta(&self) -> &str {
        &self.scripted[0]
    }

    /// String: two bits a seat.
    pub fn seats(&self) -> &str {
        &self.scripted[1]
    }

    /// String: 16 bytes a seat.
    pub fn holders(&self) -> &str {
        &self.scripted[2]
    }

    /// Hash: reservation id → packed record.
    pub fn reservations(&self) -> &str {
        &self.scripted[3]
    }

    /// Hash: user → entries of live reservations.
    pub fn owners(&self) -> &str {
        &self.scripted[4]
    }

    /// Hash: area → capacity, held, sold.
    pub fn areas(&self) -> &str {
        &self.scripted[5]
    }

    /// Sorted set: an area's holds, the next to end first.
    pub fn area_holds(&self) -> &str {
        &self.scripted[6]
    }

    /// Sorted set: when the partition's records next need attention.
    pub fn deadlines(&self) -> &str {
        &self.scripted[7]
    }

    /// Stream: the partition's log.
    pub fn log(&self) -> &str {
        &self.scripted[8]
    }

    /// What a concert's keys end in: those that scripts receive, and `:budgets`, which they find beside
    /// `:meta`.
    pub fn suffixes() -> Vec<&'static str> {
        [&CONCERT_SUFFIXES[..], &[":budgets"]].concat()
    }
}

/// The name of a lock: what must not run twice, and on what.
pub fn lock(what: &str, on: impl Display) -> String {
    format!("lock:{what}:{on}")
}
