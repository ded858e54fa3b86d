# shellcheck shell=bash
# The Debian 12 packages of the project, by purpose. Sourced.

# To build the server and to fetch the files that it embeds.
build_packages=(
    ca-certificates ccache cmake g++ ninja-build pkg-config
    libboost1.81-dev libcli11-dev libcrypt-dev libcurl4-openssl-dev libfmt-dev libhowardhinnant-date-dev libpq-dev libspdlog-dev libsqlite3-dev libssl-dev libutf8proc-dev libzstd-dev zlib1g-dev
)

# To build and run the desktop client. It uses libsecret and D-Bus for the keyring and the colours of the desktop, if available.
desktop_packages=(
    ccache cmake g++ ninja-build
    qt6-base-dev qt6-websockets-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qtkeychain-qt6-dev
    fonts-dejavu-core libsecret-1-0
)

# To build and run the tests. strace simulates disk errors, curl and jq run the examples of the documents, and chromium runs the web
# client. The tests start the three proxies with the configurations of docs/deployment.md and a certificate from openssl. python3 runs
# scripts/desktop-types. The contract tests of storage start a PostgreSQL server of their own.
test_packages=(caddy chromium curl haproxy jq libboost-json1.81-dev libgtest-dev librapidcheck-dev nginx-light openssl postgresql-15 python3 strace)

# To build and run the fuzz targets. libFuzzer needs clang, and of the versions in Debian 12 only 19 supports std::expected with the
# library of GCC 12.
fuzz_packages=(clang-19 libboost-json1.81-dev libclang-rt-19-dev)

# To check the format and the code.
check_packages=(clang-format-19 clang-tidy-19)
