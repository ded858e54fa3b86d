#include "webhooks/curl_transfer.hpp"

#include "webhooks/address_guard.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace breakwater::webhooks {

namespace {

constexpr std::size_t max_header_bytes = 64 * 1024;
constexpr std::size_t max_body_bytes = 4096;
constexpr curl_off_t most_retry_after = 1'000'000'000; ///< seconds, so that nobody's sum overflows

std::optional<ip_bytes> bytes_of(const sockaddr& address, std::size_t size) noexcept {
    ip_bytes out{};
    if (address.sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        sockaddr_in6 six{};
        std::memcpy(&six, &address, sizeof six);
        std::memcpy(out.data(), &six.sin6_addr, out.size());
        return out;
    }
    if (address.sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof four);
        out[10] = out[11] = 0xff;
        std::memcpy(out.data() + 12, &four.sin_addr, sizeof four.sin_addr);
        return out;
    }
    return std::nullopt;
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    if (curl_easy_setopt(handle, option, value) != CURLE_OK)
        throw std::runtime_error("libcurl lacks an option that deliveries need.");
}

} // namespace

curl_transfer::curl_transfer(attempt what, curl_terms terms)
    : what_{std::move(what)}, terms_{std::move(terms)}, handle_{curl_easy_init()} {
    if (!handle_)
        throw std::runtime_error("libcurl gives no handle.");
    configure();
}

void curl_transfer::add_header(const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr)
        throw std::bad_alloc{};
    (void)headers_.release();
    headers_.reset(longer);
}

void curl_transfer::configure() {
    for (const std::string& line : what_.headers)
        add_header(line);
    add_header("Expect:"); // the body goes at once, whatever its size

    CURL* const to = handle();
    set(to, CURLOPT_URL, what_.url.c_str());
    set(to, CURLOPT_PROTOCOLS_STR, "http,https");
    set(to, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(to, CURLOPT_POST, 1L);
    set(to, CURLOPT_POSTFIELDS, what_.body.c_str());
    set(to, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what_.body.size()));
    set(to, CURLOPT_HTTPHEADER, headers_.get());
    set(to, CURLOPT_FOLLOWLOCATION, 0L);
    set(to, CURLOPT_PROXY, ""); // empty: none, whatever the environment says
    set(to, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(to, CURLOPT_SSL_VERIFYPEER, 1L);
    set(to, CURLOPT_SSL_VERIFYHOST, 2L);
    set(to, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!terms_.ca_file.empty())
        set(to, CURLOPT_CAINFO, terms_.ca_file.c_str());
    set(to, CURLOPT_FORBID_REUSE, 1L); // each connection passes the guard itself
    set(to, CURLOPT_FRESH_CONNECT, 1L);
    set(to, CURLOPT_TIMEOUT_MS, static_cast<long>(terms_.timeout.count()));
    set(to, CURLOPT_QUICK_EXIT, 1L); // never waits for a name that isn't answered
    set(to, CURLOPT_NOSIGNAL, 1L);
    set(to, CURLOPT_ERRORBUFFER, said_.data());
    set(to, CURLOPT_HEADERFUNCTION, &curl_transfer::on_header);
    set(to, CURLOPT_HEADERDATA, this);
    set(to, CURLOPT_WRITEFUNCTION, &curl_transfer::on_body);
    set(to, CURLOPT_WRITEDATA, this);
    set(to, CURLOPT_OPENSOCKETFUNCTION, &curl_transfer::on_connect);
    set(to, CURLOPT_OPENSOCKETDATA, this);
}

std::size_t curl_transfer::on_header(char*, std::size_t size, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<curl_transfer*>(self);
    transfer.header_bytes_ += size * count;
    return transfer.header_bytes_ <= max_header_bytes ? size * count : 0;
}

std::size_t curl_transfer::on_body(char*, std::size_t size, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<curl_transfer*>(self);
    transfer.body_bytes_ += size * count;
    transfer.cut_ = transfer.body_bytes_ > max_body_bytes;
    return transfer.cut_ ? 0 : size * count;
}

curl_socket_t curl_transfer::on_connect(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto& transfer = *static_cast<curl_transfer*>(self);
    const auto bytes = bytes_of(address->addr, address->addrlen);
    if (!bytes || (!transfer.terms_.any_address && !is_public(*bytes))) {
        transfer.refused_ = bytes ? format_ip(*bytes) : "of another kind";
        return CURL_SOCKET_BAD;
    }
    transfer.connected_ = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

attempt_outcome curl_transfer::outcome(CURLcode how) const {
    attempt_outcome out{.id = what_.id};
    long status = 0;
    if (curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status != 0)
        out.status = status;
    curl_off_t wait = 0; // of either form; a date is compared with the system's time
    if (curl_easy_getinfo(handle(), CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
        out.retry_after = std::chrono::seconds{std::min(wait, most_retry_after)};
    if (how != CURLE_OK && !cut_) {
        out.hopeless = refused_ && !connected_;
        out.error = failure_of(how);
    } else if (status >= 300 && status < 400) {
        out.error =
            fmt::format("The receiver answered with a redirection ({}), which is not followed.", status);
    } else if (status < 200 || status >= 300) {
        out.error = fmt::format("The receiver answered {}.", status);
    }
    return out;
}

std::string curl_transfer::failure_of(CURLcode how) const {
    if (refused_ && !connected_)
        return fmt::format("The host's address is {}, which is not a public one: only hosts that "
                           "WEBHOOK_LOCAL_HOSTS names may be there.",
                           *refused_);
    switch (how) {
    case CURLE_COULDNT_RESOLVE_HOST: return "The host's name has no address.";
    case CURLE_OPERATION_TIMEDOUT:
        return fmt::format("There was no answer within {} s.",
                           std::chrono::duration<double>{terms_.timeout}.count());
    case CURLE_WRITE_ERROR: return "The answer's header is too long.";
    default: break;
    }
    const std::string_view said = said_.data();
    return fmt::format("The connection failed: {}.", said.empty() ? curl_easy_strerror(how) : said);
}

} // namespace breakwater::webhooks
