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

/// A folder of its own with a self-signed certificate in it.
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
        X509* const made = X509_new();
        X509_set_version(made, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
        X509_gmtime_adj(X509_getm_notBefore(made), -60);
        X509_gmtime_adj(X509_getm_notAfter(made), 3600);
        X509_set_pubkey(made, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(made, X509_get_subject_name(made));
        X509_sign(made, key, EVP_sha256());
        std::FILE* file = std::fopen(certificate().c_str(), "w");
        PEM_write_X509(file, made);
        std::fclose(file);
        write_key(key);
        X509_free(made);
        EVP_PKEY_free(key);
    }
    void replace_key_only() const {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        write_key(key);
        EVP_PKEY_free(key);
    }
    void replace_key_with_a_locked_one() const {
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

struct tls_wish {
    int least = TLS1_2_VERSION;
    int most = TLS1_3_VERSION;
    const char* suites = nullptr;
    std::string_view protocols = "\x08http/1.1";
};

class tls_client final : public raw_client {
public:
    explicit tls_client(std::uint16_t port, const tls_wish& wish = {}) : raw_client{port} {
        context_ = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context_, 0); // it may wish for what the server must refuse
        SSL_CTX_set_min_proto_version(context_, wish.least);
        SSL_CTX_set_max_proto_version(context_, wish.most);
        if (wish.suites != nullptr)
            SSL_CTX_set_cipher_list(context_, wish.suites);
        SSL_CTX_set_alpn_protos(context_, reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                                static_cast<unsigned>(wish.protocols.size()));
        ssl_ = SSL_new(context_);
        SSL_set_fd(ssl_, descriptor());
        shook_hands_ = SSL_connect(ssl_) == 1;
    }
    ~tls_client() override {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
    }

    [[nodiscard]] bool shook_hands() const { return shook_hands_; }
    [[nodiscard]] std::string server_name() const {
        X509* const shown = SSL_get1_peer_certificate(ssl_);
        if (shown == nullptr)
            return {};
        std::array<char, 64> name{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name.data(),
                                  static_cast<int>(name.size()));
        X509_free(shown);
        return name.data();
    }
    [[nodiscard]] std::string protocol() const {
        const unsigned char* chosen = nullptr;
        unsigned length = 0;
        SSL_get0_alpn_selected(ssl_, &chosen, &length);
        return {reinterpret_cast<const char*>(chosen), length};
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
    bool shook_hands_ = false;
};

constexpr const char* hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request& asked) { return text(asked.secure ? "secure" : "open"); }));
    table.push_back(get("/large", [](request&) { return text(std::string(3'000'000, 'x')); }));
    return table;
}

class server_tls : public testing::Test {
protected:
    http::server_options options() const {
        http::server_options chosen;
        chosen.tls_certificate_file = certificates.certificate();
        chosen.tls_key_file = certificates.key();
        chosen.header_timeout = std::chrono::seconds{1};
        return chosen;
    }

    certificate_folder certificates;
    test_server house{routes(), options()};
};

TEST_F(server_tls, answers_over_both_versions) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{house.port(), {.least = version, .most = version}};
        ASSERT_TRUE(client.shook_hands());
        EXPECT_EQ(client.protocol(), "http/1.1");
        const raw_answer answer = client.ask(hello);
        EXPECT_EQ(answer.body, "secure");
        EXPECT_TRUE(answer.has("strict-transport-security"));
        EXPECT_EQ(client.ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), 3'000'000U);
        EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body, "secure");
        EXPECT_TRUE(client.at_end());
    }
}

TEST_F(server_tls, lets_a_client_send_all_of_its_body_before_it_reads_the_refusal) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{house.port(), {.least = version, .most = version}};
        client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" +
                    std::string(5'000'000, 'x'));
        EXPECT_EQ(client.read_answer().status, 413);
    }
}

TEST_F(server_tls, answers_pipelined_requests) {
    tls_client client{house.port()};
    std::string bytes;
    for (int i = 0; i < 20; ++i)
        bytes += hello;
    client.send(bytes);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(client.read_answer().body, "secure");
}

TEST_F(server_tls, refuses_what_is_old_or_weak) {
    EXPECT_FALSE((tls_client{house.port(), {.least = TLS1_VERSION, .most = TLS1_1_VERSION}}.shook_hands()));
    for (const char* weak : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "DHE-RSA-AES128-GCM-SHA256"})
        EXPECT_FALSE((tls_client{house.port(), {.most = TLS1_2_VERSION, .suites = weak}}.shook_hands()))
            << weak;
    EXPECT_FALSE((tls_client{house.port(), {.protocols = "\x02h2"}}.shook_hands()));
    EXPECT_TRUE((tls_client{house.port(), {.protocols = "\x02h2\x08http/1.1"}}.shook_hands()));
}

TEST_F(server_tls, survives_a_client_that_speaks_plainly_or_not_at_all) {
    raw_client silent{house.port()};
    raw_client plain{house.port()};
    plain.send(hello);
    EXPECT_NE(plain.read_answer().status, 200);
    EXPECT_TRUE(silent.at_end()) << "the handshake has the header's timeout";
    tls_client client{house.port()};
    EXPECT_EQ(client.ask(hello).status, 200);
}

TEST_F(server_tls, gives_new_connections_the_new_certificate) {
    tls_client before{house.port()};
    EXPECT_EQ(before.server_name(), "first");
    certificates.issue("second");
    ASSERT_TRUE(house.server->reload_tls());
    tls_client after{house.port()};
    EXPECT_EQ(after.server_name(), "second");
    EXPECT_EQ(before.ask(hello).status, 200);
    EXPECT_EQ(after.ask(hello).status, 200);
}

TEST_F(server_tls, keeps_the_old_certificate_where_the_new_one_is_no_good) {
    certificates.replace_key_only();
    const auto mismatch = house.server->reload_tls();
    ASSERT_FALSE(mismatch);
    EXPECT_NE(mismatch.error().detail.find(certificates.key()), std::string::npos);
    certificates.replace_key_with_a_locked_one();
    const auto locked = house.server->reload_tls(); // and nobody is asked at a terminal
    ASSERT_FALSE(locked);
    EXPECT_NE(locked.error().detail.find("passphrase"), std::string::npos) << locked.error().detail;
    std::filesystem::remove(certificates.certificate());
    EXPECT_FALSE(house.server->reload_tls());
    tls_client client{house.port()};
    EXPECT_EQ(client.server_name(), "first");
    EXPECT_EQ(client.ask(hello).status, 200);
}

TEST(server_tls_off, has_nothing_to_reload) {
    test_server house{routes()};
    EXPECT_FALSE(house.server->reload_tls());
    raw_client client{house.port()};
    EXPECT_EQ(client.ask(hello).body, "open");
}

} // namespace
} // namespace breakwater::test
