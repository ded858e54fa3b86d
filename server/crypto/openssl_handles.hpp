#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace breakwater::crypto {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};

using pkey_handle = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using pkey_context = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using mac_algorithm = std::unique_ptr<EVP_MAC, freed_by<EVP_MAC_free>>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, freed_by<EVP_MAC_CTX_free>>;
using bio_handle = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using bignum = std::unique_ptr<BIGNUM, freed_by<BN_clear_free>>;
using ec_group = std::unique_ptr<EC_GROUP, freed_by<EC_GROUP_free>>;
using ec_point = std::unique_ptr<EC_POINT, freed_by<EC_POINT_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;
using param_builder = std::unique_ptr<OSSL_PARAM_BLD, freed_by<OSSL_PARAM_BLD_free>>;
using param_list = std::unique_ptr<OSSL_PARAM, freed_by<OSSL_PARAM_free>>;

/// Removes the errors that calls in its scope added to the thread's OpenSSL error queue. TLS on the same
/// thread reads that queue and would treat them as its own errors.
class error_queue_scope {
public:
    error_queue_scope() noexcept { ERR_set_mark(); }
    ~error_queue_scope() { ERR_pop_to_mark(); }
    error_queue_scope(const error_queue_scope&) = delete;
    error_queue_scope& operator=(const error_queue_scope&) = delete;
};

/// Overwrites memory before it frees it.
template <class T>
struct cleansing_allocator {
    using value_type = T;

    cleansing_allocator() = default;
    template <class U>
    cleansing_allocator(const cleansing_allocator<U>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* at, std::size_t count) noexcept {
        OPENSSL_cleanse(at, count * sizeof(T));
        std::allocator<T>{}.deallocate(at, count);
    }
    friend bool operator==(const cleansing_allocator&, const cleansing_allocator&) noexcept { return true; }
};

using secret_bytes = std::vector<std::uint8_t, cleansing_allocator<std::uint8_t>>;

/// Overwrites a container's bytes at the end of the scope. For secrets in types that do not do so themselves.
template <class Container>
class cleansed_at_exit {
public:
    explicit cleansed_at_exit(Container& container) noexcept : container_{container} {}
    ~cleansed_at_exit() { OPENSSL_cleanse(container_.data(), container_.size()); }
    cleansed_at_exit(const cleansed_at_exit&) = delete;
    cleansed_at_exit& operator=(const cleansed_at_exit&) = delete;

private:
    Container& container_;
};

} // namespace breakwater::crypto
