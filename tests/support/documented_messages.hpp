#pragma once

#include "support/json_schema.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace breakwater::test {

/// Expects that docs/asyncapi.json describes the message under that name.
inline void expect_documented(std::string_view name, const boost::json::value& message) {
    static const json_schemas schemas = [] {
        std::ifstream in{BREAKWATER_SOURCE_FOLDER "/docs/asyncapi.json"};
        return json_schemas{boost::json::parse(std::string{std::istreambuf_iterator<char>{in}, {}})};
    }();
    EXPECT_EQ(schemas.complaint(name, message), "") << boost::json::serialize(message);
}

} // namespace breakwater::test
