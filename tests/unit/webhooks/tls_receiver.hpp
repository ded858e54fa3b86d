#pragma once

#include "support/temp_folder.hpp"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace breakwater::test {

/// Accepts requests over TLS on a free port of 127.0.0.1, with a self-signed certificate for that address
/// only. Responds with 204.
class tls_receiver {
public:
    tls_receiver()
        : context_{SSL_CTX_new(TLS_server_method())}, listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
        issue();
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
            ::getsockname(listener_, generic, &size) != 0)
            throw std::runtime_error{"the receiver cannot listen"};
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { loop(); }};
    }
    ~tls_receiver() {
        ::shutdown(listener_, SHUT_RDWR); // ends accept()
        thread_.join();
        ::close(listener_);
        SSL_CTX_free(context_);
    }
    tls_receiver(const tls_receiver&) = delete;
    tls_receiver& operator=(const tls_receiver&) = delete;

    [[nodiscard]] std::string url(std::string_view host) const {
        return "https://" + std::string{host} + ":" + std::to_string(port_) + "/";
    }
    [[nodiscard]] std::string certificate() const { return folder_ / "certificate.pem"; }
    [[nodiscard]] int requests() const { return requests_; }

private:
    void issue() {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        X509* const x509 = X509_new();
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -60);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_set_pubkey(x509, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("receiver"), -1, -1, 0);
        X509_set_issuer_name(x509, X509_get_subject_name(x509));
        X509_EXTENSION* const name =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
        X509_add_ext(x509, name, -1);
        X509_EXTENSION_free(name);
        X509_sign(x509, key, EVP_sha256());
        std::FILE* const file = std::fopen(certificate().c_str(), "w");
        PEM_write_X509(file, x509);
        std::fclose(file);
        SSL_CTX_use_certificate(context_, x509);
        SSL_CTX_use_PrivateKey(context_, key);
        X509_free(x509);
        EVP_PKEY_free(key);
    }
    void loop() {
        for (;;) {
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0)
                return;
            SSL* const ssl = SSL_new(context_);
            SSL_set_fd(ssl, connection);
            std::array<char, 4096> bytes{};
            if (SSL_accept(ssl) == 1 && SSL_read(ssl, bytes.data(), bytes.size()) > 0) {
                ++requests_;
                constexpr std::string_view answer = "HTTP/1.1 204 x\r\nConnection: close\r\n\r\n";
                SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
                SSL_shutdown(ssl);
            }
            SSL_free(ssl);
            ::close(connection);
        }
    }

    temp_folder folder_;
    SSL_CTX* context_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<int> requests_{0};
    std::thread thread_;
};

} // namespace breakwater::test
