#pragma once

#include "base/result.hpp"
#include "domain/credential.hpp"

#include <vector>

namespace breakwater::storage {

/// The credentials of devices and people. Removing a subject removes its credentials.
class credential_store {
public:
    virtual ~credential_store() = default;

    /// The credentials of this kind that the subject has, newest first.
    virtual result<std::vector<credential>> of(const credential_subject& subject,
                                               credential_kind kind) const = 0;

    /// `not_found` if the subject does not exist.
    virtual result<credential_id> insert(const credential& inserted) = 0;
    /// Sets the time of the last use. Does nothing if the credential was removed.
    virtual result<void> record_use(credential_id id, timestamp at) = 0;
    /// Removes all credentials of this kind that the subject has.
    virtual result<void> remove(const credential_subject& subject, credential_kind kind) = 0;
};

} // namespace breakwater::storage
