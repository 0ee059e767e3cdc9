//! One suite over every store: what holds in a file holds with one reader only, and in memory. A new backend is a new
//! line at `every_store!`, never a suite of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod access;
mod commands;
mod files;
mod killed;
mod people;
mod rows;
mod school;
mod transactions;

macro_rules! every_store {
    ($($module:ident: $($story:ident)+;)+) => {
        mod sqlite_in_memory {
            $($(#[test]
            fn $story() {
                crate::$module::$story(&skolebro_server::store::sqlite::SqliteStore::temporary().unwrap());
            })+)+
        }
        mod sqlite {
            $($(#[test]
            fn $story() {
                let folder = tempfile::tempdir().unwrap();
                crate::$module::$story(&crate::files::open(folder.path(), 4));
            })+)+
        }
        mod sqlite_with_one_reader {
            $($(#[test]
            fn $story() {
                let folder = tempfile::tempdir().unwrap();
                crate::$module::$story(&crate::files::open(folder.path(), 1));
            })+)+
        }
    };
}

every_store! {
    transactions: numbers_have_no_gaps_and_are_locked_until_commit
        an_error_leaves_nothing
        a_panic_leaves_nothing_and_the_next_write_works
        a_savepoint_is_undone_alone
        savepoints_within_savepoints
        a_write_reads_what_it_wrote
        a_reader_sees_one_moment
        readers_and_a_writer_go_on_together
        schools_keep_to_themselves
        large_numbers_are_refused_and_never_wrapped;
    rows: a_row_is_replaced_in_place_at_its_newest_number
        a_moved_row_leaves_a_gone_one
        rows_come_by_sequence_in_pages_of_any_size
        rows_come_by_scope_in_pages_of_any_size
        rows_are_found_by_pupil_and_day
        old_rows_are_found_for_retention
        one_number_has_one_row
        the_floor_rises_in_steps_and_never_past_what_is_kept
        documents_come_back_byte_for_byte;
    access: a_subscription_lives_is_revoked_and_given_again
        everybody_who_ever_had_anything_is_found
        lapsed_subscriptions_are_found_once_their_time_has_come
        assurance_is_a_devices_and_lapses;
    commands: the_log_is_written_once
        a_payload_is_erased_and_its_line_stays
        old_payloads_are_found_in_order_of_id_and_page_by_page
        payloads_of_what_was_refused_and_of_texts_are_found_by_themselves
        the_clocks_commands_have_no_author;
    people: every_kind_of_entry_comes_back
        an_entry_is_replaced_by_its_key_and_removed
        a_persons_schools_are_those_whose_roster_knows_them
        rows_of_a_source_are_each_organisers_own
        devices_are_found_by_id_token_and_person
        two_devices_never_share_a_token
        activation_codes_keep_their_tries
        facts_of_the_server_and_its_epoch;
}
