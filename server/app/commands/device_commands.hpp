#pragma once

#include "domain/device.hpp"

#include <optional>
#include <string>

namespace breakwater::app {

// Commands for devices, for operators with a shell on the server. They return the exit code. All except
// `list_devices` change the database and need the server stopped.

struct create_device_options {
    std::string name;
    breakwater::category category = breakwater::category::weather_station;
    std::string owner; ///< an e-mail address
    bool json = false;
};
int create_device(const create_device_options& options);

struct list_devices_options {
    std::string owner; ///< an e-mail address; empty: all owners
    std::optional<device_status> status;
    std::optional<breakwater::category> category;
    bool json = false;
};
int list_devices(const list_devices_options& options);

struct rotate_device_options {
    std::string id;
    bool json = false;
};
int rotate_device(const rotate_device_options& options);

} // namespace breakwater::app
