#pragma once

// Included by every scenario. Precompiled, because Boost.JSON and GoogleTest take seconds per file.

#include "support/api_client.hpp"
#include "support/http_client.hpp"
#include "support/server_process.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>
