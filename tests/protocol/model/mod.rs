//! The model, and how it is explored.

mod client;
mod postgres;
pub mod promises;
mod redis;
mod sameness;
mod scripts;
mod service;
pub mod setup;
mod world;

use std::ops::Deref;

use setup::Setup;
use stateright::{Checker, Expectation, HasDiscoveries, Property};
use world::{Action, World};

/// A world of this size, and what can happen in it.
#[derive(Clone, Debug)]
pub struct Model(pub Setup);

impl Deref for Model {
    type Target = Setup;

    fn deref(&self) -> &Setup {
        &self.0
    }
}

impl stateright::Model for Model {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        world.actions(self, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        next.take(self, action);
        next.forget(self);
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        promises::properties()
    }
}

/// Looks at every state that a world can be in: every promise has to hold in all of them, and each of
/// `seen` in one, lest the promises hold because nothing happens. Tells how many states there were.
pub fn explore(name: &str, setup: Setup, seen: &[&'static str]) {
    let model = Model(setup);
    let checker = stateright::Model::checker(model).spawn_bfs().join();
    let discoveries = checker.discoveries();
    for property in promises::properties() {
        let found = discoveries.get(property.name);
        if property.expectation == Expectation::Always {
            let path = found.map(|path| path.clone().into_actions());
            assert!(path.is_none(), "not always: {}\n{path:#?}", property.name);
        }
    }
    for name in seen {
        assert!(discoveries.contains_key(name), "never: {name}");
    }
    let (states, steps) = (checker.unique_state_count(), checker.state_count());
    println!("{name}: {states} states, {steps} steps, up to {} in a row", checker.max_depth());
}

/// Looks for a way to break a promise, and expects to find one.
pub fn find(setup: Setup, promise: &'static str) {
    let found = HasDiscoveries::AnyOf([promise].into());
    let checker = stateright::Model::checker(Model(setup)).finish_when(found).spawn_bfs().join();
    checker.assert_any_discovery(promise);
}
