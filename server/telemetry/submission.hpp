#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "domain/security_event.hpp"
#include "events/readings_committed.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace breakwater::telemetry {

/// One reading of a submission, and its outcome.
struct submitted_reading {
    /// The caller sets device_timestamp, payload (compact, validated) and message_id. `ingest` sets the rest
    /// and moves from the reading.
    breakwater::reading reading{};
    /// Why the reading is not stored. The caller sets it if the reading could not be parsed.
    std::optional<error> refusal{};
};

/// What became of a submission.
struct submission_outcome {
    std::vector<submitted_reading> items; ///< accepted ones have no `reading`: see `readings()`
    /// The readings of the items without refusal, in their order. No group if all were refused.
    events::committed_upload stored;

    [[nodiscard]] std::span<const reading> readings() const noexcept {
        return stored.group ? stored.readings() : std::span<const reading>{};
    }
};

/// Readings that a device, or a gateway on its behalf, sends in one request, over any protocol.
struct submission {
    enum class form : std::uint8_t {
        single, ///< one reading as it is measured: its refusal fails the submission
        batch,  ///< readings that were kept until they could be sent: each is accepted or refused by itself
    };
    using completion = std::move_only_function<void(result<submission_outcome>)>;

    breakwater::device_id device;
    form kind = form::single;
    std::vector<submitted_reading> items; ///< one at least; exactly one if `single`
    /// Describes the request for the audit log. Called only if an event is recorded, on any thread, and no
    /// later than during `done`.
    std::move_only_function<call_origin()> origin;
    completion done; ///< called once, on any thread
};

} // namespace breakwater::telemetry
