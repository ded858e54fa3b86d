#pragma once

#include "http/message.hpp"
#include "services/invitation_service.hpp"

// Invitations to create an account. One handler per route.
namespace breakwater::api::invitations {

struct dependencies {
    services::invitation_service& invitations;
};

http::response list(const dependencies& deps, const http::request& request);
http::response create(const dependencies& deps, const http::request& request);
http::response remove(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::invitations
