//! Checks that the examples of the package's README are the files of the host pages.
#![cfg(not(target_arch = "wasm32"))]

const README: &str = include_str!("../packages/odp-console/README.md");
const EXAMPLES: [&str; 8] = [
    include_str!("hosts/examples/vite.config.js"),
    include_str!("hosts/examples/element.html"),
    include_str!("hosts/examples/element.js"),
    include_str!("hosts/examples/react.jsx"),
    include_str!("hosts/next/app/read-only/page.jsx"),
    include_str!("hosts/examples/qiankun.js"),
    include_str!("hosts/examples/single-spa.js"),
    include_str!("hosts/examples/headless.js"),
];

#[test]
fn the_readme_shows_what_the_tests_run() {
    let code: Vec<_> = README
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.split_once('\n'))
        // Shell commands are not files.
        .filter(|(language, _)| *language != "sh")
        .map(|(_, code)| code)
        .collect();
    assert_eq!(code, EXAMPLES);
}
