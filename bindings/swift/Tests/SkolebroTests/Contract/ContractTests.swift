import Testing

extension Everything {
    @Suite struct Contract {
        /// What could not be read has no names, and fails in the second test.
        @Test(arguments: (try? Story.all()) ?? []) func story(_ name: String) async throws {
            try await Story.run(name)
        }

        @Test func thereAreStories() throws {
            #expect(try Story.all().count >= 20)
        }
    }
}
