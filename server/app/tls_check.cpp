#include "app/tls_check.hpp"

#include "net/tls_store.hpp"

#include <fmt/format.h>

namespace breakwater::app {

result<void> check_tls(const std::string& certificate_file, const std::string& key_file) {
    auto loaded = net::tls_store{{.certificate_file = certificate_file, .key_file = key_file}}.load();
    if (!loaded)
        return fail(errc::invalid_input,
                    fmt::format("TLS_CERT_FILE and TLS_KEY_FILE: {}", loaded.error().detail));
    return {};
}

} // namespace breakwater::app
