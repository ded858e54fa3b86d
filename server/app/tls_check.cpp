#include "app/tls_check.hpp"

#include "http/tls.hpp"

namespace breakwater::app {

result<void> check_tls(const std::string& certificate_file, const std::string& key_file) {
    return http::tls_store{certificate_file, key_file}.load();
}

} // namespace breakwater::app
