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
constexpr curl_off_t max_retry_seconds = 1'000'000'000; ///< avoids overflow in sums

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
        throw std::runtime_error("libcurl lacks an option that webhook deliveries need.");
}

} // namespace

curl_transfer::curl_transfer(attempt delivery, transfer_options options)
    : delivery_{std::move(delivery)}, options_{std::move(options)}, handle_{curl_easy_init()} {
    if (!handle_)
        throw std::runtime_error("libcurl could not create a handle.");
    configure();
}

void curl_transfer::add_header(const std::string& line) {
    curl_slist* const list = curl_slist_append(headers_.get(), line.c_str());
    if (list == nullptr)
        throw std::bad_alloc{};
    (void)headers_.release();
    headers_.reset(list);
}

void curl_transfer::configure() {
    for (const std::string& line : delivery_.headers)
        add_header(line);
    add_header("Expect:"); // sends the body at once, without 100 Continue

    CURL* const curl = handle();
    set(curl, CURLOPT_URL, delivery_.url.c_str());
    set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(curl, CURLOPT_POST, 1L);
    set(curl, CURLOPT_POSTFIELDS, delivery_.body.c_str());
    set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(delivery_.body.size()));
    set(curl, CURLOPT_HTTPHEADER, headers_.get());
    set(curl, CURLOPT_FOLLOWLOCATION, 0L);
    set(curl, CURLOPT_PROXY, ""); // empty: no proxy, not even from the environment
    set(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty())
        set(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    set(curl, CURLOPT_FORBID_REUSE, 1L); // so that every attempt checks the address
    set(curl, CURLOPT_FRESH_CONNECT, 1L);
    set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    set(curl, CURLOPT_QUICK_EXIT, 1L); // destruction does not wait for a name lookup
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_ERRORBUFFER, error_text_.data());
    set(curl, CURLOPT_HEADERFUNCTION, &curl_transfer::on_header);
    set(curl, CURLOPT_HEADERDATA, this);
    set(curl, CURLOPT_WRITEFUNCTION, &curl_transfer::on_body);
    set(curl, CURLOPT_WRITEDATA, this);
    set(curl, CURLOPT_OPENSOCKETFUNCTION, &curl_transfer::on_connect);
    set(curl, CURLOPT_OPENSOCKETDATA, this);
}

std::size_t curl_transfer::on_header(char*, std::size_t size, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<curl_transfer*>(self);
    transfer.header_bytes_ += size * count;
    return transfer.header_bytes_ <= max_header_bytes ? size * count : 0;
}

std::size_t curl_transfer::on_body(char*, std::size_t size, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<curl_transfer*>(self);
    transfer.body_bytes_ += size * count;
    transfer.body_truncated_ = transfer.body_bytes_ > max_body_bytes;
    return transfer.body_truncated_ ? 0 : size * count;
}

curl_socket_t curl_transfer::on_connect(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto& transfer = *static_cast<curl_transfer*>(self);
    const auto bytes = bytes_of(address->addr, address->addrlen);
    if (!bytes || (!transfer.options_.allow_private && !is_public(*bytes))) {
        transfer.refused_address_ = bytes ? format_ip(*bytes) : "of an unknown kind";
        return CURL_SOCKET_BAD;
    }
    transfer.connected_ = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

attempt_outcome curl_transfer::outcome(CURLcode code) const {
    attempt_outcome out{.id = delivery_.id};
    long status = 0;
    if (curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status != 0)
        out.status = status;
    curl_off_t wait = 0; // libcurl converts a date with the system time
    if (curl_easy_getinfo(handle(), CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
        out.retry_after = std::chrono::seconds{std::min(wait, max_retry_seconds)};
    if (code != CURLE_OK && !body_truncated_) {
        out.is_permanent = refused_address_ && !connected_;
        out.error = failure_of(code);
    } else if (status >= 300 && status < 400) {
        out.error =
            fmt::format("The receiver answered with a redirect ({}). Redirects are not followed.", status);
    } else if (status < 200 || status >= 300) {
        out.error = fmt::format("The receiver answered {}.", status);
    }
    return out;
}

std::string curl_transfer::failure_of(CURLcode code) const {
    if (refused_address_ && !connected_)
        return fmt::format("The host's address, {}, is not public. Only hosts listed in WEBHOOK_LOCAL_HOSTS "
                           "may have such an address.",
                           *refused_address_);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "The host name could not be resolved.";
    case CURLE_OPERATION_TIMEDOUT:
        return fmt::format("There was no answer within {} s.",
                           std::chrono::duration<double>{options_.timeout}.count());
    case CURLE_WRITE_ERROR: return "The response header is too long.";
    default: break;
    }
    const std::string_view text = error_text_.data();
    return fmt::format("The connection failed: {}.", text.empty() ? curl_easy_strerror(code) : text);
}

} // namespace breakwater::webhooks
