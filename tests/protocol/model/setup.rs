//! What is checked: how many of everything there are, what may go wrong, and which guards are in place.

/// A number of a buyer. Everybody has one idempotency key, so it is also the reservation's id.
pub type Buyer = u8;
/// A seat's number.
pub type Seat = u8;
/// An instance of the service, each with a writer of its own: no lease makes sure that there is one.
pub type Node = u8;
/// Where an entry stands in the log. 0 is before all.
pub type Position = u8;
/// How often the partition was rebuilt, from 1.
pub type Epoch = u8;
/// A Redis server process: its run id.
pub type Process = u8;

/// A finite world.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many seats the concert has.
    pub seats: u8,
    /// Which of them each buyer wants, all or none.
    pub wants: Vec<Vec<Seat>>,
    /// How many instances of the service there are.
    pub nodes: u8,
    /// What Redis does before it answers.
    pub fsync: Fsync,
    /// What positions say about time.
    pub clocks: Clocks,
    /// Whether Redlock keeps verifications apart, and loads. Nothing may depend on it.
    pub locks: Locks,
    /// What goes wrong at most.
    pub faults: Faults,
    /// Whether buyers may give back what they bought.
    pub cancels: bool,
    /// What holds it together.
    pub guards: Guards,
}

/// Redis's `appendfsync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fsync {
    /// Every answer is on disk before it is given: a restart loses nothing that anybody knows of.
    Always,
    /// A restart loses any number of the last changes.
    EverySecond,
}

/// Whether Redis servers agree on the time better than a failover takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// What a server appends after a failover stands after all that was ever appended before.
    Agree,
    /// A server whose clock is behind hands out positions that the lost one had handed out.
    Differ,
}

/// What has become of the lock nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locks {
    /// One verification at a time, and one load.
    Hold,
    /// Everybody has every lock.
    Fail,
}

/// How often something goes wrong, anywhere in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Faults {
    /// Redis is started again from its append-only file.
    pub restarts: u8,
    /// A replica that lags by any number of changes takes over.
    pub failovers: u8,
    /// Somebody empties Redis, which goes on running and keeps its scripts.
    pub flushes: u8,
    /// An instance is killed and started again.
    pub crashes: u8,
}

/// Each is one check in the code. The tests take one away and expect a counterexample.
#[derive(Clone, Copy, Debug)]
pub struct Guards {
    /// `reserve.lua` looks whether seats are free before it writes anything.
    pub checks_before_writing: bool,
    /// The service answers a confirmation after Redis has appended it.
    pub answers_after_append: bool,
    /// Scripts name the server process that they were verified for; nobody loads them silently.
    pub scripts_name_process: bool,
    /// Scripts refuse a command of another epoch.
    pub scripts_check_epoch: bool,
    /// `load_fill` and `load_finish` accept only the load that began last.
    pub load_token: bool,
    /// A verification compares the log with what its own process has seen.
    pub verifies_seen: bool,
    /// A verification compares the log with what PostgreSQL has applied.
    pub verifies_applied: bool,
    /// A rebuild persists what survives of the log before it empties the partition.
    pub persists_survivors: bool,
    /// A rebuild raises PostgreSQL's epoch first, so that nobody takes for whole what it has begun to persist.
    pub raises_first: bool,
    /// `reset.lua` does nothing when the log went on after it was looked at.
    pub resets_conditionally: bool,
    /// The writer's transaction moves the position only from where its batch began.
    pub position_fence: bool,
    /// The writer's transaction moves the position only in the epoch of its batch.
    pub epoch_fence: bool,
    /// A reservation's version never falls in PostgreSQL.
    pub version_guard: bool,
    /// PostgreSQL has a seat live for one reservation only.
    pub unique_index: bool,
    /// The writer looks whether the log that it reads has the entry at PostgreSQL's position.
    pub writer_knows_its_log: bool,
}

impl Guards {
    /// All of them.
    pub const ALL: Self = Self {
        checks_before_writing: true,
        answers_after_append: true,
        scripts_name_process: true,
        scripts_check_epoch: true,
        load_token: true,
        verifies_seen: true,
        verifies_applied: true,
        persists_survivors: true,
        raises_first: true,
        resets_conditionally: true,
        position_fence: true,
        epoch_fence: true,
        version_guard: true,
        unique_index: true,
        writer_knows_its_log: true,
    };
}

impl Setup {
    /// One seat, two people who want it, two instances, and nothing that goes wrong.
    pub fn one_seat() -> Self {
        Self {
            seats: 1,
            wants: vec![vec![0], vec![0]],
            nodes: 2,
            fsync: Fsync::Always,
            clocks: Clocks::Agree,
            locks: Locks::Fail,
            faults: Faults::default(),
            cancels: false,
            guards: Guards::ALL,
        }
    }
}
