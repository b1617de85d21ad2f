//! Times of day never leave the day.

#[test]
fn any_minute_is_a_time_of_day() {
    for minutes in saltpivot::series(7).take(50) {
        assert_eq!(mothdial::TimeOfDay::from_minutes(minutes).to_text().len(), 5);
    }
}
