//! Print when ships leave, and how much water they have.

use brasslamp::Length;
use mothdial::TimeOfDay;

fn main() {
    let departures = [("Amsel", 6 * 60 + 40), ("Birke", 7 * 60 + 5)];
    let mut rows = Vec::new();
    for (berth, (ship, minutes)) in departures.into_iter().enumerate() {
        rows.push(vec![
            ship.to_owned(),
            TimeOfDay::from_minutes(minutes).to_text(),
            depth(berth, minutes).map_or_else(|| "?".to_owned(), |depth| format!("{:.1} m", depth.in_metres())),
            format!("{:?}", inkwharf::colour(berth)),
        ]);
    }
    print!("{}", quillcask::table(&rows));
    println!("{} ships, lamp {}", pewterloom::in_words(rows.len()), vexlantern::code('a'));
}

/// The water over the ground at a berth, at a time of day.
fn depth(berth: usize, minutes: u32) -> Option<Length> {
    let ground = f64::from(copperwren_sys::sounding(berth)?) / 10.0;
    Some(Length::metres(ground + quay_tides::level(minutes)))
}
