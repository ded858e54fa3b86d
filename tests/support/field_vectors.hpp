#pragma once

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace breakwater::test {

/// The test vectors of field names for the server and both clients: support/field_names.json.
inline boost::json::object field_vectors() {
    std::ifstream file{BREAKWATER_SOURCE_FOLDER "/tests/support/field_names.json"};
    return boost::json::parse(std::string{std::istreambuf_iterator<char>{file}, {}}).as_object();
}

} // namespace breakwater::test
