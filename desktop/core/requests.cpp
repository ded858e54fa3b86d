// Generated from docs/openapi.json and docs/asyncapi.json by scripts/desktop-types.
#include "core/requests.hpp"

using namespace Qt::StringLiterals;

namespace breakwater::desktop::messages {

namespace {

template <class T>
QJsonArray toJson(const QList<T>& requests) {
    QJsonArray array;
    for (const T& request : requests)
        array.append(toJson(request));
    return array;
}

} // namespace

QJsonObject toJson(const RegisterRequest& request) {
    QJsonObject json;
    json.insert("email"_L1, request.email);
    json.insert("password"_L1, request.password);
    if (request.invitation)
        json.insert("invitation"_L1, *request.invitation);
    return json;
}

QJsonObject toJson(const LoginRequest& request) {
    QJsonObject json;
    json.insert("email"_L1, request.email);
    json.insert("password"_L1, request.password);
    if (request.deviceCookie)
        json.insert("device_cookie"_L1, *request.deviceCookie);
    return json;
}

QJsonObject toJson(const RefreshTokenRequest& request) {
    QJsonObject json;
    json.insert("refresh_token"_L1, request.refreshToken);
    return json;
}

QJsonObject toJson(const CreateDeviceRequest& request) {
    QJsonObject json;
    json.insert("name"_L1, request.name);
    json.insert("category"_L1, request.category);
    return json;
}

QJsonObject toJson(const UpdateDeviceRequest& request) {
    QJsonObject json;
    if (request.name)
        json.insert("name"_L1, *request.name);
    if (request.category)
        json.insert("category"_L1, *request.category);
    if (request.status)
        json.insert("status"_L1, *request.status);
    if (request.reason)
        json.insert("reason"_L1, *request.reason);
    return json;
}

QJsonObject toJson(const CreateUserRequest& request) {
    QJsonObject json;
    json.insert("email"_L1, request.email);
    json.insert("password"_L1, request.password);
    if (request.role)
        json.insert("role"_L1, *request.role);
    return json;
}

QJsonObject toJson(const UpdateUserRequest& request) {
    QJsonObject json;
    if (request.email)
        json.insert("email"_L1, *request.email);
    if (request.password)
        json.insert("password"_L1, *request.password);
    if (request.role)
        json.insert("role"_L1, *request.role);
    if (request.disabled)
        json.insert("disabled"_L1, *request.disabled);
    return json;
}

QJsonObject toJson(const LiveSubscription& request) {
    QJsonObject json;
    json.insert("id"_L1, request.id);
    if (request.devices)
        json.insert("devices"_L1, *request.devices);
    if (request.categories)
        json.insert("categories"_L1, *request.categories);
    if (request.all)
        json.insert("all"_L1, *request.all);
    if (request.alerts)
        json.insert("alerts"_L1, *request.alerts);
    if (request.securityEvents)
        json.insert("security_events"_L1, *request.securityEvents);
    if (request.includeSimulated)
        json.insert("include_simulated"_L1, *request.includeSimulated);
    return json;
}

QJsonObject toJson(const LiveHello& request) {
    QJsonObject json;
    json.insert("type"_L1, "hello"_L1);
    if (request.ticket)
        json.insert("ticket"_L1, *request.ticket);
    if (request.token)
        json.insert("token"_L1, *request.token);
    if (request.cursor)
        json.insert("cursor"_L1, *request.cursor);
    if (request.subscriptions)
        json.insert("subscriptions"_L1, toJson(*request.subscriptions));
    return json;
}

QJsonObject toJson(const LiveRenew& request) {
    QJsonObject json;
    json.insert("type"_L1, "renew"_L1);
    if (request.ticket)
        json.insert("ticket"_L1, *request.ticket);
    if (request.token)
        json.insert("token"_L1, *request.token);
    return json;
}

} // namespace breakwater::desktop::messages
