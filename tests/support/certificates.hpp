#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace breakwater::test {

/// A key and its certificate, which is signed by the key itself or by an authority.
class certified_key {
public:
    explicit certified_key(const std::string& name) : certified_key{name, nullptr, 3600} {}
    /// `lifetime` in seconds from now. Negative: the certificate has expired.
    certified_key(const std::string& name, const certified_key& authority, long lifetime = 3600)
        : certified_key{name, &authority, lifetime} {}

    void write_certificate(const std::string& path) const {
        const file out = open(path);
        PEM_write_X509(out.get(), certificate_.get());
    }
    /// Encrypted if there is a passphrase.
    void write_key(const std::string& path, const char* passphrase = nullptr) const {
        const file out = open(path);
        PEM_write_PrivateKey(out.get(), key_.get(), passphrase != nullptr ? EVP_aes_256_cbc() : nullptr,
                             nullptr, 0, nullptr, const_cast<char*>(passphrase));
    }
    [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
    [[nodiscard]] X509* certificate() const { return certificate_.get(); }

private:
    using file = std::unique_ptr<std::FILE, decltype(&std::fclose)>;
    static file open(const std::string& path) { return {std::fopen(path.c_str(), "w"), std::fclose}; }

    certified_key(const std::string& name, const certified_key* authority, long lifetime)
        : key_{EVP_EC_gen("P-256"), EVP_PKEY_free}, certificate_{X509_new(), X509_free} {
        X509* const out = certificate_.get();
        X509_set_version(out, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(out), 1);
        X509_gmtime_adj(X509_getm_notBefore(out), -7200);
        X509_gmtime_adj(X509_getm_notAfter(out), lifetime);
        X509_set_pubkey(out, key_.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(out), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(out, X509_get_subject_name(authority ? authority->certificate() : out));
        if (authority == nullptr) { // it may be one
            X509_EXTENSION* const extension =
                X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
            X509_add_ext(out, extension, -1);
            X509_EXTENSION_free(extension);
        }
        X509_sign(out, authority ? authority->key() : key_.get(), EVP_sha256());
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

/// A temporary folder with a self-signed certificate of the server.
class certificate_folder {
public:
    certificate_folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "breakwater-tls-XXXXXX";
        path_ = mkdtemp(pattern.data());
        issue("first");
    }
    ~certificate_folder() { std::filesystem::remove_all(path_); }
    certificate_folder(const certificate_folder&) = delete;
    certificate_folder& operator=(const certificate_folder&) = delete;

    void issue(const std::string& name) const {
        const certified_key issued{name};
        issued.write_certificate(certificate());
        issued.write_key(key());
    }
    void replace_key_only() const { certified_key{"other"}.write_key(key()); }
    void replace_key_with_encrypted_one() const { certified_key{"other"}.write_key(key(), "open sesame"); }

    [[nodiscard]] std::string certificate() const { return path_ / "certificate.pem"; }
    [[nodiscard]] std::string key() const { return path_ / "key.pem"; }
    [[nodiscard]] std::string authority() const { return path_ / "authority.pem"; }

private:
    std::filesystem::path path_;
};

} // namespace breakwater::test
