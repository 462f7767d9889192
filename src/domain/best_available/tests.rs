//! The chooser held against one that tries everything.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::houses::{Spot, house, row, section};
use super::*;

/// What makes a choice better than another: split, parts, alone, stranded, score.
type Cost = (bool, usize, usize, usize, u64);

fn wish(quantity: u32) -> Wish {
    Wish { quantity, sections: None, category: None, may_split: false, accessible: false }
}

fn usable(map: &SeatMap, free: &SeatSet, wish: &Wish) -> Vec<u32> {
    let fits = |&seat: &u32| {
        free.has(SeatNumber(seat)) && map.seats[seat as usize].accessible == wish.accessible
    };
    (0..map.capacity()).filter(fits).collect()
}

/// Seats cut into those that are side by side.
fn parts(map: &SeatMap, seats: &[u32]) -> Vec<Vec<u32>> {
    let beside = |a: &u32, b: &u32| map.are_together([SeatNumber(*a), SeatNumber(*b)]);
    seats.chunk_by(beside).map(<[u32]>::to_vec).collect()
}

fn singles(map: &SeatMap, seats: &[u32]) -> BTreeSet<Vec<u32>> {
    parts(map, seats).into_iter().filter(|part| part.len() == 1).collect()
}

/// What a choice costs; none if it is not one that the wish allows.
fn cost(map: &SeatMap, free: &SeatSet, wish: &Wish, seats: &[u32]) -> Option<Cost> {
    let usable = usable(map, free, wish);
    let of_place = |seat: &u32| {
        let run = map.runs().iter().find(|run| run.seats.contains(seat)).unwrap();
        let category = map.seats[*seat as usize].category;
        let wanted = wish.wants_section(run.section) && wish.wants_category(category);
        (wanted && usable.contains(seat)).then_some((run.section, run.row))
    };
    let places: Option<BTreeSet<_>> = seats.iter().map(of_place).collect();
    let places: Vec<_> = places?.into_iter().collect();
    let neighbours = match places[..] {
        [_] => true,
        [(a, front), (b, rear)] => a == b && front + 1 == rear,
        _ => false,
    };
    let parts_of_choice = parts(map, seats);
    let in_stretch = |stretch: &Vec<u32>| {
        parts_of_choice.iter().filter(|part| stretch.contains(&part[0])).count() <= 1
    };
    if !neighbours || !parts(map, &usable).iter().all(in_stretch) {
        return None;
    }
    let left: Vec<u32> = usable.iter().copied().filter(|seat| !seats.contains(seat)).collect();
    let (before, after) = (singles(map, &usable), singles(map, &left));
    let split = parts_of_choice.len() > 1;
    let alone = parts_of_choice.iter().filter(|part| split && part.len() == 1).count();
    let scores = &map.ranking().scores;
    let score = seats.iter().map(|&seat| u64::from(scores[seat as usize])).sum();
    let stranded = after.difference(&before).count();
    (wish.may_split || !split).then_some((split, parts_of_choice.len(), alone, stranded, score))
}

/// Every choice of so many of the seats from `from` on.
fn combinations(seats: &[u32], size: usize) -> Vec<Vec<u32>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let with = |index: usize| {
        let rest = combinations(&seats[index + 1..], size - 1);
        rest.into_iter().map(move |rest| [vec![seats[index]], rest].concat())
    };
    (0..seats.len()).flat_map(with).collect()
}

/// The lowest cost of all choices, which are looked for among the seats of every two rows.
fn exhaustive(map: &SeatMap, free: &SeatSet, wish: &Wish) -> Option<Cost> {
    let usable = usable(map, free, wish);
    let of_rows = |first: usize| {
        let rows = &map.rows[first..(first + 2).min(map.rows.len())];
        let seats = usable.iter().copied();
        let seats = seats.filter(|seat| rows.iter().any(|row| row.seats.contains(seat)));
        combinations(&seats.collect::<Vec<_>>(), wish.quantity as usize)
    };
    let choices = (0..map.rows.len()).flat_map(of_rows);
    choices.filter_map(|seats| cost(map, free, wish, &seats)).min()
}

fn numbers(choice: &Choice) -> Vec<u32> {
    choice.seats.iter().map(|seat| seat.0).collect()
}

fn small_house() -> impl Strategy<Value = SeatMap> {
    let character = select(vec!['#', '#', '#', '#', '#', '1', '2', 'a', ' ']);
    let plan = vec(character, 1..7).prop_map(|plan| plan.into_iter().collect::<String>());
    let rows = vec(plan, 1..4).prop_map(|plans| {
        let rows = (0..).zip(plans).map(|(index, plan)| row(&plan, 25.0 * index as f32));
        rows.filter(|row| !row.is_empty()).collect::<Vec<Vec<Spot>>>()
    });
    vec(rows, 1..4).prop_filter_map("has no seats", |mut sections| {
        sections.retain(|rows| !rows.is_empty());
        for (index, rows) in sections.iter_mut().enumerate() {
            rows.iter_mut().flatten().for_each(|spot| spot.1 += 110.0 * index as f32);
        }
        (!sections.is_empty()).then(|| house(&sections))
    })
}

fn any_wish() -> impl Strategy<Value = WishText> {
    let section = proptest::option::weighted(0.2, select(vec!["A", "B", "C"]));
    let category = proptest::option::weighted(0.2, select(vec!["Plain", "Good", "Best"]));
    (1_u32..5, section, category, any::<bool>(), proptest::bool::weighted(0.1)).prop_map(
        |(quantity, section, category, may_split, accessible)| WishText {
            quantity,
            section: section.map(str::to_owned),
            category: category.map(str::to_owned),
            may_split,
            accessible,
        },
    )
}

fn free_seats(map: &SeatMap, taken: &[bool]) -> SeatSet {
    let mut free = SeatSet::all(map.capacity());
    let taken = (0..map.capacity()).zip(taken.iter().cycle()).filter(|(_, taken)| **taken);
    taken.for_each(|(seat, _)| free.remove(SeatNumber(seat)));
    free
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_choice_is_better_than_the_chosen_one(
        map in small_house(),
        taken in vec(proptest::bool::weighted(0.4), 61),
        text in any_wish(),
        seeds in vec(any::<u64>(), 4),
    ) {
        let Ok(wish) = Wish::new(&map, &text) else { return Ok(()) };
        let free = free_seats(&map, &taken);
        let best = exhaustive(&map, &free, &wish);
        let chosen = choose_within(0, &map, &free, &wish, seeds[0]);
        let costs = |choice: &Choice| cost(&map, &free, &wish, &numbers(choice));
        prop_assert_eq!(chosen.as_ref().map(|choice| costs(choice).unwrap()), best);
        for seed in seeds {
            let shuffled = choose(&map, &free, &wish, seed);
            prop_assert_eq!(&shuffled, &choose(&map, &free, &wish, seed), "the seed decides");
            let (Some(choice), Some(best)) = (shuffled, best) else { continue };
            let cost = costs(&choice).expect("an allowed choice");
            prop_assert_eq!((cost.0, cost.1, cost.2, cost.3), (best.0, best.1, best.2, best.3));
            prop_assert!(cost.4 <= best.4 + u64::from(NEAR_EQUAL * wish.quantity));
            prop_assert_eq!(choice.together, !cost.0);
            let together = map.are_together(choice.seats.iter().copied());
            prop_assert_eq!(together, choice.together);
        }
    }
}

/// What is chosen in a house with all seats free, by ids.
fn chosen(map: &SeatMap, taken: &[u32], wish: &Wish) -> Option<Vec<u32>> {
    let mut free = SeatSet::all(map.capacity());
    taken.iter().for_each(|&seat| free.remove(SeatNumber(seat)));
    choose_within(0, map, &free, wish, 0).map(|choice| numbers(&choice))
}

#[test]
fn an_aisle_separates_neighbours_and_a_wide_row_does_not() {
    let map = house(&[vec![row("### ##", 0.0), row("# # #", 25.0), row("##", 50.0)]]);
    let beside = |a, b| map.are_together([SeatNumber(a), SeatNumber(b)]);
    assert!(beside(0, 1) && beside(1, 2) && !beside(2, 3) && beside(3, 4));
    assert!(!beside(5, 6) && !beside(6, 7), "a row of three does not know better than its section");
    assert!(!beside(4, 5) && !beside(7, 8), "rows are not beside each other");
    assert!(beside(8, 9) && !map.are_together([SeatNumber(0), SeatNumber(2)]));
    let wide = house(&[vec![row("# # # # #", 0.0), row("a a a ## ### #", 25.0)]]);
    let beside = |a, b| wide.are_together([SeatNumber(a), SeatNumber(b)]);
    assert!((0..4).all(|seat| beside(seat, seat + 1)), "they all sit that far apart");
    assert!(beside(5, 6) && beside(6, 7), "accessible seats are wider");
    assert!(beside(7, 8) && beside(8, 9) && !beside(9, 10) && !beside(12, 13));
}

#[test]
fn two_seats_with_an_aisle_between_them_are_apart_where_their_section_knows() {
    let pair = || row("#  #", 50.0);
    let map = house(&[vec![row("#####", 0.0), pair()], vec![pair()]]);
    let beside = |a, b| map.are_together([SeatNumber(a), SeatNumber(b)]);
    assert!(!beside(5, 6));
    assert!(beside(7, 8), "who has never seen a row cannot know an aisle");
}

#[test]
fn the_front_and_the_centre_go_first() {
    let map = house(&[section(&["#######", "#######", "#######"], 100.0)]);
    let three = wish(3);
    assert_eq!(chosen(&map, &[], &three), Some(vec![2, 3, 4]));
    assert_eq!(chosen(&map, &[2, 3, 4], &three), Some(vec![9, 10, 11]));
}

#[test]
fn a_single_seat_is_left_over_only_if_every_choice_leaves_one() {
    let map = house(&[section(&["####", "####"], 100.0)]);
    let three = chosen(&map, &[], &wish(3)).unwrap();
    assert!(three == [0, 1, 2] || three == [1, 2, 3], "there is no other way");
    let around_a_pillar = house(&[section(&["###", "####"], 100.0)]);
    assert_eq!(chosen(&around_a_pillar, &[], &wish(2)), Some(vec![3, 4]));
    let one = chosen(&around_a_pillar, &[], &wish(1)).unwrap();
    assert!(one == [0] || one == [2], "not the middle one");
}

#[test]
fn a_party_is_split_only_if_it_asks_and_nobody_sits_alone_without_need() {
    let map = house(&[section(&["###", "#  #", "####"], 100.0)]);
    let (taken, mut five) = ([7, 8], wish(4));
    assert_eq!(chosen(&map, &taken, &five), None);
    five.may_split = true;
    let split = chosen(&map, &taken, &five).unwrap();
    assert_eq!(split, [0, 1, 2, 3], "three and one in neighbouring rows, as few parts as can be");
    let two_and_two = house(&[section(&["##", "###"], 100.0)]);
    assert_eq!(chosen(&two_and_two, &[], &five), Some(vec![0, 1, 2, 3]));
}

#[test]
fn accessible_seats_go_to_those_who_ask_and_to_nobody_else() {
    let map = house(&[section(&["##aa##", "aa"], 100.0)]);
    let general = Wish { may_split: true, ..wish(4) };
    assert_eq!(chosen(&map, &[], &general), Some(vec![0, 1, 4, 5]));
    assert_eq!(chosen(&map, &[], &Wish { quantity: 5, ..general }), None);
    let accessible = Wish { accessible: true, ..wish(2) };
    assert_eq!(chosen(&map, &[], &accessible), Some(vec![2, 3]));
    assert_eq!(chosen(&map, &[2], &accessible), Some(vec![6, 7]));
}

#[test]
fn section_and_category_are_kept_to_and_a_shared_name_means_all_of_it() {
    let bank = |y| section(&["1122"], y);
    let map = house(&[bank(100.0), bank(150.0), bank(200.0), bank(250.0)]);
    let named = |section: Option<&str>, category: Option<&str>| {
        let (section, category) = (section.map(str::to_owned), category.map(str::to_owned));
        Wish::new(&map, &WishText { quantity: 2, section, category, ..WishText::default() })
    };
    let sections = |name| named(Some(name), None).unwrap().sections;
    assert_eq!((sections("A"), sections("B")), (Some(vec![0, 3]), Some(vec![1])));
    let wish = named(Some("C"), Some("Best")).unwrap();
    assert_eq!(chosen(&map, &[], &wish), Some(vec![10, 11]));
    let a = named(Some("A"), Some("Good")).unwrap();
    assert_eq!(chosen(&map, &[0], &a), Some(vec![12, 13]));
    assert_eq!(chosen(&map, &[0, 12], &a), None);
    let unknown = |name: &str| name.to_owned();
    assert_eq!(named(Some("D"), None), Err(WishError::UnknownSection(unknown("D"))));
    assert_eq!(named(None, Some("best")), Err(WishError::UnknownCategory(unknown("best"))));
}

#[test]
fn requests_that_differ_in_anything_have_different_fingerprints() {
    let base = wish(2);
    let others = [
        Wish { quantity: 3, ..base.clone() },
        Wish { sections: Some(vec![0]), ..base.clone() },
        Wish { sections: Some(vec![1]), ..base.clone() },
        Wish { category: Some(0), ..base.clone() },
        Wish { category: Some(1), ..base.clone() },
        Wish { may_split: true, ..base.clone() },
        Wish { accessible: true, ..base.clone() },
    ];
    let prints: BTreeSet<_> = others.iter().map(Wish::fingerprint).collect();
    assert_eq!(prints.len(), others.len());
    assert!(!prints.contains(&base.fingerprint()));
    assert_eq!(base.fingerprint(), wish(2).fingerprint());
}

#[test]
fn many_who_choose_at_once_choose_different_seats_of_nearly_the_same_worth() {
    let rows = vec!["#".repeat(100); 80];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let map = house(&[section(&rows, 100.0)]);
    let free = SeatSet::all(map.capacity());
    let choices = (0..160).map(|seed| numbers(&choose(&map, &free, &wish(2), seed).unwrap()));
    let choices: BTreeSet<_> = choices.collect();
    assert!(choices.len() > 10, "{choices:?}");
}
