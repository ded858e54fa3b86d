#pragma once

#include "domain/device.hpp"

#include <optional>
#include <string>

namespace breakwater::app {

// Devices, for whoever has a shell on the server. Each gives the process's exit code. All but `list` change
// the database and so need it alone.

struct create_device_options {
    std::string name;
    breakwater::category category = breakwater::category::weather_station;
    std::string owner; ///< an e-mail address
    bool json = false;
};
int create_device(const create_device_options& chosen);

struct list_devices_options {
    std::string owner; ///< an e-mail address; empty: everybody's
    std::optional<device_status> status;
    std::optional<breakwater::category> category;
    bool json = false;
};
int list_devices(const list_devices_options& chosen);

struct rotate_device_options {
    std::string id;
    bool json = false;
};
int rotate_device(const rotate_device_options& chosen);

} // namespace breakwater::app
