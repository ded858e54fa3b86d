#include "wire/invitation_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(create_invitation_request, (), (email, role, expires_in_hours))
BOOST_DESCRIBE_STRUCT(invitation_response, (), (id, email, role, created_at, expires_at))
BOOST_DESCRIBE_STRUCT(new_invitation_response, (), (id, email, role, created_at, expires_at, token, path))

namespace {

std::optional<std::string> email_of(const invitation& invited) {
    return invited.email.empty() ? std::nullopt : std::optional{invited.email};
}

} // namespace

invitation_response to_dto(const invitation& invited) {
    return {.id = invited.id,
            .email = email_of(invited),
            .role = invited.role,
            .created_at = invited.created_at,
            .expires_at = invited.expires_at};
}

new_invitation_response to_dto(const invitation& invited, std::string_view token,
                               std::string_view base_path) {
    return {.id = invited.id,
            .email = email_of(invited),
            .role = invited.role,
            .created_at = invited.created_at,
            .expires_at = invited.expires_at,
            .token = std::string{token},
            .path = std::string{base_path} + "/#invitation=" + std::string{token}};
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct about<wire::create_invitation_request> {
    static constexpr std::string_view name = "CreateInvitationRequest";
    static constexpr std::string_view description = "An invitation for one person to create an account.";
    static constexpr std::string_view example =
        R"({"email":"grace@example.com","role":"user","expires_in_hours":72})";
    static constexpr std::array notes{
        field_note{"email", "Only this e-mail address may use the invitation; if absent, any."},
        field_note{"role", "The role of the new account; `user` if absent."},
        field_note{"expires_in_hours", "After how many hours the invitation expires; 72 if absent."}};
};

template <>
struct about<wire::invitation_response> {
    static constexpr std::string_view name = "Invitation";
    static constexpr std::string_view description = "An unused invitation.";
    static constexpr std::string_view example =
        R"({"id":4,"email":"grace@example.com","role":"user","created_at":"2026-01-15T12:00:00Z",)"
        R"("expires_at":"2026-01-18T12:00:00Z"})";
    static constexpr std::array notes{field_note{"id", "The invitation's id."},
                                      field_note{"email",
                                                 "The e-mail address that may use the invitation; null for "
                                                 "any."},
                                      field_note{"role", "The role of the new account."},
                                      field_note{"created_at", "When the invitation was created, in UTC."},
                                      field_note{"expires_at", "When the invitation expires, in UTC."}};
};

template <>
struct about<wire::new_invitation_response> {
    static constexpr std::string_view name = "NewInvitation";
    static constexpr std::string_view description = "An invitation and its token, which is shown only once.";
    static constexpr std::string_view example =
        R"({"id":4,"email":"grace@example.com","role":"user","created_at":"2026-01-15T12:00:00Z",)"
        R"("expires_at":"2026-01-18T12:00:00Z","token":"mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw",)"
        R"("path":"/#invitation=mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw"})";
    static constexpr std::array notes{
        field_note{"id", "The invitation's id."},
        field_note{"email", "The e-mail address that may use the invitation; null for any."},
        field_note{"role", "The role of the new account."},
        field_note{"created_at", "When the invitation was created, in UTC."},
        field_note{"expires_at", "When the invitation expires, in UTC."},
        field_note{"token", "The `invitation` of `POST /auth/register`; works for one account."},
        field_note{"path", "The invitation's link, without the server's scheme and host."}};
};

template result<wire::create_invitation_request> parse(std::string_view);
template void write(std::string&, const wire::new_invitation_response&);
template void write(std::string&, const wire::invitation_response&);
template void write(std::string&, const std::vector<wire::invitation_response>&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_invitation_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<create_invitation_request>(direction::request));
    components.push_back(component_of<invitation_response>(direction::response));
    components.push_back(component_of<new_invitation_response>(direction::response));
}
