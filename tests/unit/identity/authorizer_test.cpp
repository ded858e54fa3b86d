#include "identity/authorizer.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

constexpr principal nobody{};
constexpr principal sensor{.kind = principal::kind::device, .user = 7};
constexpr principal ada{.kind = principal::kind::person, .user = 7};
constexpr principal root{.kind = principal::kind::person, .user = 1, .role = role::admin};
constexpr principal shell{.kind = principal::kind::system};

TEST(authorizer, owners_and_administrators_reach_a_device) {
    const resource own{.owner = 7};
    const resource of_another{.owner = 8};
    EXPECT_TRUE(may(ada, action::see_device, own));
    EXPECT_FALSE(may(ada, action::see_device, of_another));
    EXPECT_TRUE(may(root, action::change_device, of_another));
    EXPECT_TRUE(may(shell, action::change_device, of_another));
    EXPECT_FALSE(may(nobody, action::see_device, own));
    EXPECT_FALSE(may(sensor, action::see_device, own)) << "a device has no rights of its owner";
}

TEST(authorizer, what_belongs_to_nobody_is_for_administrators) {
    EXPECT_FALSE(may(ada, action::handle_alert));
    EXPECT_FALSE(may({.kind = principal::kind::person, .user = 0}, action::handle_alert));
    EXPECT_TRUE(may(root, action::handle_alert));
}

TEST(authorizer, owners_release_what_the_resource_permits) {
    EXPECT_TRUE(may(ada, action::release_device, {.owner = 7, .permits_owner = true}));
    EXPECT_FALSE(may(ada, action::release_device, {.owner = 7, .permits_owner = false}));
    EXPECT_TRUE(may(root, action::release_device, {.owner = 7, .permits_owner = false}));
}

TEST(authorizer, a_role_counts_only_for_a_person) {
    EXPECT_FALSE(may({.kind = principal::kind::anonymous, .role = role::admin}, action::manage_accounts));
    EXPECT_FALSE(
        may({.kind = principal::kind::device, .user = 1, .role = role::admin}, action::manage_accounts));
    EXPECT_TRUE(may(root, action::manage_accounts));
}

TEST(authorizer, only_devices_send_readings) {
    EXPECT_TRUE(may(sensor, action::send_readings));
    EXPECT_FALSE(may(root, action::send_readings));
    EXPECT_FALSE(may(shell, action::send_readings));
}

TEST(authorizer, names_the_credential_of_each_action) {
    EXPECT_EQ(token_for(action::sign_in), token_kind::none);
    EXPECT_EQ(token_for(action::send_readings), token_kind::device);
    for (const action what :
         {action::use_own_account, action::see_device, action::release_device, action::manage_accounts})
        EXPECT_EQ(token_for(what), token_kind::access);
}

TEST(authorizer, each_action_has_a_row_with_its_name) {
    for (const permission& row : permissions()) {
        EXPECT_EQ(permission_of(row.what).name, row.name);
        EXPECT_FALSE(row.name.empty());
    }
}

} // namespace
} // namespace breakwater::identity
