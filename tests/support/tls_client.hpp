#pragma once

#include "support/certificates.hpp"

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::test {

struct tls_settings {
    int min_version = TLS1_2_VERSION;
    int max_version = TLS1_3_VERSION;
    const char* suites = nullptr;
    std::string_view protocols = "\x08http/1.1"; ///< as in RFC 7301 section 3.1; empty: offers none
    const certified_key* certificate = nullptr;  ///< of the client
};

/// A TLS client with the reading functions of `Client`, a `byte_client`.
template <class Client>
class tls_client_of final : public Client {
public:
    explicit tls_client_of(std::uint16_t port, const tls_settings& settings = {}) : Client{port} {
        context_ = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context_, 0); // allow settings that the server must refuse
        SSL_CTX_set_min_proto_version(context_, settings.min_version);
        SSL_CTX_set_max_proto_version(context_, settings.max_version);
        if (settings.suites != nullptr)
            SSL_CTX_set_cipher_list(context_, settings.suites);
        SSL_CTX_set_alpn_protos(context_, reinterpret_cast<const unsigned char*>(settings.protocols.data()),
                                static_cast<unsigned>(settings.protocols.size()));
        if (settings.certificate != nullptr) {
            SSL_CTX_use_certificate(context_, settings.certificate->certificate());
            SSL_CTX_use_PrivateKey(context_, settings.certificate->key());
        }
        ssl_ = SSL_new(context_);
        SSL_set_fd(ssl_, this->descriptor());
        is_handshake_complete_ = SSL_connect(ssl_) == 1;
    }
    ~tls_client_of() override {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
    }

    [[nodiscard]] bool is_handshake_complete() const { return is_handshake_complete_; }
    [[nodiscard]] std::string server_name() const {
        X509* const certificate = SSL_get1_peer_certificate(ssl_);
        if (certificate == nullptr)
            return {};
        std::array<char, 64> name{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                                  static_cast<int>(name.size()));
        X509_free(certificate);
        return name.data();
    }
    [[nodiscard]] std::string protocol() const {
        const unsigned char* selected = nullptr;
        unsigned length = 0;
        SSL_get0_alpn_selected(ssl_, &selected, &length);
        return {reinterpret_cast<const char*>(selected), length};
    }
    /// Whether the server allows the client to resume the session.
    [[nodiscard]] bool can_resume() const { return SSL_SESSION_is_resumable(SSL_get0_session(ssl_)) == 1; }

protected:
    ssize_t read_some(char* into, std::size_t size) override {
        return SSL_read(ssl_, into, static_cast<int>(size));
    }
    ssize_t write_some(std::string_view bytes) override {
        return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    }

private:
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
    bool is_handshake_complete_ = false;
};

} // namespace breakwater::test
