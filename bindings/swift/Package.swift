// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "Skolebro",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [.library(name: "Skolebro", targets: ["Skolebro"])],
    targets: [
        // The headers are generated; the module maps say which library they belong to.
        .systemLibrary(name: "skolebro_coreFFI"),
        .systemLibrary(name: "skolebro_ffiFFI"),
        .target(name: "Skolebro", dependencies: ["skolebro_coreFFI", "skolebro_ffiFFI"]),
        .target(name: "FirstLines", dependencies: ["Skolebro"], path: "Examples/FirstLines"),
        // The contract suite's server process and a village to talk about: for tests, and for what is measured.
        .testTarget(name: "SkolebroTests", dependencies: ["Skolebro", "FirstLines"]),
    ],
    swiftLanguageModes: [.v6]
)
