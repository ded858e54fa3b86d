#include "crypto/sha256_stream.hpp"

#include "crypto/openssl_handles.hpp"

#include <new>

namespace breakwater::crypto {

struct sha256_stream::state {
    digest_context context{EVP_MD_CTX_new()};
};

sha256_stream::sha256_stream() : state_{std::make_unique<state>()} {
    // These calls fail only when memory runs out.
    if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc{};
}

sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;
sha256_stream::~sha256_stream() = default;

void sha256_stream::add(std::span<const std::uint8_t> more) {
    EVP_DigestUpdate(state_->context.get(), more.data(), more.size());
}

sha256_digest sha256_stream::digest_with(std::span<const std::uint8_t> more) const {
    const digest_context copy{EVP_MD_CTX_new()};
    if (!copy || EVP_MD_CTX_copy_ex(copy.get(), state_->context.get()) != 1)
        throw std::bad_alloc{};
    EVP_DigestUpdate(copy.get(), more.data(), more.size());
    sha256_digest out{};
    EVP_DigestFinal_ex(copy.get(), out.data(), nullptr);
    return out;
}

} // namespace breakwater::crypto
