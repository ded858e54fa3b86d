#include "unit/http/test_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>

namespace breakwater::test {
namespace {

using http::request;

/// A temporary folder with a self-signed certificate.
class certificate_folder {
public:
    certificate_folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "breakwater-tls-XXXXXX";
        path_ = mkdtemp(pattern.data());
        issue("first");
    }
    ~certificate_folder() { std::filesystem::remove_all(path_); }

    void issue(const std::string& name) const {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        X509* const x509 = X509_new();
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -60);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_set_pubkey(x509, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(x509, X509_get_subject_name(x509));
        X509_sign(x509, key, EVP_sha256());
        std::FILE* file = std::fopen(certificate().c_str(), "w");
        PEM_write_X509(file, x509);
        std::fclose(file);
        write_key(key);
        X509_free(x509);
        EVP_PKEY_free(key);
    }
    void replace_key_only() const {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        write_key(key);
        EVP_PKEY_free(key);
    }
    void replace_key_with_encrypted_one() const {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        write_key(key, "open sesame");
        EVP_PKEY_free(key);
    }

    [[nodiscard]] std::string certificate() const { return path_ / "certificate.pem"; }
    [[nodiscard]] std::string key() const { return path_ / "key.pem"; }

private:
    void write_key(EVP_PKEY* key, const char* passphrase = nullptr) const {
        std::FILE* const file = std::fopen(this->key().c_str(), "w");
        PEM_write_PrivateKey(file, key, passphrase != nullptr ? EVP_aes_256_cbc() : nullptr, nullptr, 0,
                             nullptr, const_cast<char*>(passphrase));
        std::fclose(file);
    }

    std::filesystem::path path_;
};

struct tls_settings {
    int min_version = TLS1_2_VERSION;
    int max_version = TLS1_3_VERSION;
    const char* suites = nullptr;
    std::string_view protocols = "\x08http/1.1";
};

class tls_client final : public raw_client {
public:
    explicit tls_client(std::uint16_t port, const tls_settings& settings = {}) : raw_client{port} {
        context_ = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context_, 0); // allow settings that the server must refuse
        SSL_CTX_set_min_proto_version(context_, settings.min_version);
        SSL_CTX_set_max_proto_version(context_, settings.max_version);
        if (settings.suites != nullptr)
            SSL_CTX_set_cipher_list(context_, settings.suites);
        SSL_CTX_set_alpn_protos(context_, reinterpret_cast<const unsigned char*>(settings.protocols.data()),
                                static_cast<unsigned>(settings.protocols.size()));
        ssl_ = SSL_new(context_);
        SSL_set_fd(ssl_, descriptor());
        is_handshake_complete_ = SSL_connect(ssl_) == 1;
    }
    ~tls_client() override {
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
    [[nodiscard]] std::string version() const { return SSL_get_version(ssl_); }

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

constexpr const char* hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request& request) { return text(request.secure ? "secure" : "open"); }));
    table.push_back(get("/large", [](request&) { return text(std::string(3'000'000, 'x')); }));
    return table;
}

class server_tls : public testing::Test {
protected:
    http::server_options tls_options() const {
        http::server_options options;
        options.tls_certificate_file = certificates.certificate();
        options.tls_key_file = certificates.key();
        options.header_timeout = std::chrono::seconds{1};
        return options;
    }

    certificate_folder certificates;
    test_server server{routes(), tls_options()};
};

TEST_F(server_tls, supports_tls_1_2_and_1_3) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{server.port(), {.min_version = version, .max_version = version}};
        ASSERT_TRUE(client.is_handshake_complete());
        EXPECT_EQ(client.protocol(), "http/1.1");
        const raw_response response = client.exchange(hello);
        EXPECT_EQ(response.body, "secure");
        EXPECT_TRUE(response.has("strict-transport-security"));
        EXPECT_EQ(client.exchange("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), 3'000'000U);
        EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body,
                  "secure");
        EXPECT_TRUE(client.at_end());
    }
}

TEST_F(server_tls, lets_a_client_send_its_whole_body_before_it_reads_the_refusal) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{server.port(), {.min_version = version, .max_version = version}};
        client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" +
                    std::string(5'000'000, 'x'));
        EXPECT_EQ(client.read_response().status, 413);
    }
}

TEST_F(server_tls, answers_pipelined_requests) {
    tls_client client{server.port()};
    std::string bytes;
    for (int i = 0; i < 20; ++i)
        bytes += hello;
    client.send(bytes);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(client.read_response().body, "secure");
}

TEST_F(server_tls, refuses_old_versions_and_weak_suites) {
    const tls_settings old{.min_version = TLS1_VERSION, .max_version = TLS1_1_VERSION};
    EXPECT_FALSE((tls_client{server.port(), old}.is_handshake_complete()));
    for (const char* weak : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "DHE-RSA-AES128-GCM-SHA256"})
        EXPECT_FALSE((tls_client{server.port(), {.max_version = TLS1_2_VERSION, .suites = weak}}
                          .is_handshake_complete()))
            << weak;
    EXPECT_FALSE((tls_client{server.port(), {.protocols = "\x02h2"}}.is_handshake_complete()));
    EXPECT_TRUE((tls_client{server.port(), {.protocols = "\x02h2\x08http/1.1"}}.is_handshake_complete()));
}

TEST_F(server_tls, survives_plain_and_silent_clients) {
    raw_client silent{server.port()};
    raw_client plain{server.port()};
    plain.send(hello);
    EXPECT_NE(plain.read_response().status, 200);
    EXPECT_TRUE(silent.at_end()) << "the header timeout applies to the handshake";
    tls_client client{server.port()};
    EXPECT_EQ(client.exchange(hello).status, 200);
}

TEST_F(server_tls, uses_a_reloaded_certificate_for_new_connections) {
    tls_client before{server.port()};
    EXPECT_EQ(before.server_name(), "first");
    certificates.issue("second");
    ASSERT_TRUE(server.reload_tls());
    tls_client after{server.port()};
    EXPECT_EQ(after.server_name(), "second");
    EXPECT_EQ(before.exchange(hello).status, 200);
    EXPECT_EQ(after.exchange(hello).status, 200);
}

TEST_F(server_tls, keeps_the_old_certificate_if_the_new_one_is_invalid) {
    certificates.replace_key_only();
    const auto mismatch = server.reload_tls();
    ASSERT_FALSE(mismatch);
    EXPECT_NE(mismatch.error().detail.find(certificates.key()), std::string::npos);
    certificates.replace_key_with_encrypted_one();
    const auto encrypted = server.reload_tls(); // must not prompt on a terminal
    ASSERT_FALSE(encrypted);
    EXPECT_NE(encrypted.error().detail.find("passphrase"), std::string::npos) << encrypted.error().detail;
    std::filesystem::remove(certificates.certificate());
    EXPECT_FALSE(server.reload_tls());
    tls_client client{server.port()};
    EXPECT_EQ(client.server_name(), "first");
    EXPECT_EQ(client.exchange(hello).status, 200);
}

TEST(server_without_tls, cannot_reload_a_certificate) {
    test_server server{routes()};
    EXPECT_FALSE(server.reload_tls());
    raw_client client{server.port()};
    EXPECT_EQ(client.exchange(hello).body, "open");
}

} // namespace
} // namespace breakwater::test
