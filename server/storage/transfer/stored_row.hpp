#pragma once

#include "storage/transfer/ports.hpp"

#include <cstddef>

/// What both backends read from a row of their `statement`. `bytes_of(from, column)` returns the bytes of a
/// text or blob as a `std::string`.
namespace breakwater::storage::transfer {

/// A row of the table. REQUIRES: the statement selects its columns in their order.
template <class Statement, class BytesOf>
row read_row(const Statement& from, const table& of, BytesOf bytes_of) {
    row values;
    values.reserve(of.columns.size());
    for (std::size_t i = 0; i < of.columns.size(); ++i) {
        const int at = static_cast<int>(i);
        value& next = values.emplace_back();
        if (from.is_null(at))
            continue;
        switch (of.columns[i].type) {
        case column_type::integer:
        case column_type::boolean: next = from.integer(at); break;
        case column_type::real: next = from.real(at); break;
        case column_type::text:
        case column_type::bytes: next = bytes_of(from, at); break;
        }
    }
    return values;
}

/// Selects how far a transfer has come.
inline constexpr const char* select_state =
    "SELECT source, fingerprint, part, last_key, rows FROM incomplete_transfer";

/// A row of `select_state`.
template <class Statement, class BytesOf>
transfer_state read_state(const Statement& from, BytesOf bytes_of) {
    return {.source = from.text(0),
            .fingerprint = from.text(1),
            .table = from.text(2),
            .last_key = bytes_of(from, 3),
            .rows = from.integer(4)};
}

} // namespace breakwater::storage::transfer
