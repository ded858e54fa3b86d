# shellcheck shell=bash
# What the project needs from Debian 12, by purpose. Sourced.

# To build the server and to fetch what it embeds.
build_packages=(
    ca-certificates ccache cmake g++ ninja-build pkg-config
    libboost1.81-dev libboost-json1.81-dev libcli11-dev libcrypt-dev libcurl4-openssl-dev libfmt-dev libhowardhinnant-date-dev libspdlog-dev libsqlite3-dev libssl-dev libutf8proc-dev libzstd-dev zlib1g-dev
)

# To build and run the desktop client: libsecret and D-Bus reach the keyring and the desktop's colours where there are any.
desktop_packages=(
    ccache cmake g++ ninja-build
    qt6-base-dev qt6-websockets-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qtkeychain-qt6-dev
    fonts-dejavu-core libsecret-1-0
)

# To build and run the tests: strace makes the disk fail, curl and jq run the examples of the documents, chromium the web client; the
# three proxies are run as docs/deployment.md has them, by the tests themselves and not as services, with a certificate of openssl's.
test_packages=(caddy chromium curl haproxy jq libgtest-dev librapidcheck-dev nginx-light openssl strace)

# To build and run the fuzz targets: libFuzzer is clang's, and 19 is the first of Debian 12's that has std::expected with GCC 12's
# library.
fuzz_packages=(clang-19 libclang-rt-19-dev)

# To check format and code.
check_packages=(clang-format-19 clang-tidy-19)
