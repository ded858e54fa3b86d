// Generated from docs/openapi.json and docs/asyncapi.json by scripts/desktop-types.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace breakwater::desktop::messages {

/// An account to create.
struct RegisterRequest {
    QString email;
    QString password;
    std::optional<QString> invitation;
};

/// The credentials of an account.
struct LoginRequest {
    QString email;
    QString password;
    std::optional<QString> deviceCookie;
};

/// A refresh token to exchange or to revoke.
struct RefreshTokenRequest {
    QString refreshToken;
};

/// A device to create.
struct CreateDeviceRequest {
    QString name;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    QString category;
};

/// Changes of a device. Members that are absent or null keep their value.
struct UpdateDeviceRequest {
    std::optional<QString> name;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    std::optional<QString> category;
    /// "active", "blocked", "deleted"
    std::optional<QString> status;
    std::optional<QString> reason;
};

/// An account to create.
struct CreateUserRequest {
    QString email;
    QString password;
    /// "user", "admin"
    std::optional<QString> role;
};

/// Changes of an account. Members that are absent or null keep their value. A new password or role, or
/// disabling the account, ends its sessions.
struct UpdateUserRequest {
    std::optional<QString> email;
    std::optional<QString> password;
    /// "user", "admin"
    std::optional<QString> role;
    std::optional<bool> disabled;
};

/// The events that a client wants to receive. It selects at least one kind of event.
struct LiveSubscription {
    QString id;
    std::optional<QJsonArray> devices;
    std::optional<QJsonArray> categories;
    std::optional<bool> all;
    std::optional<bool> alerts;
    std::optional<bool> securityEvents;
    std::optional<bool> includeSimulated;
};

/// The first message, within ten seconds: the credential, and the events that the client wants.
struct LiveHello {
    std::optional<QString> ticket;
    std::optional<QString> token;
    std::optional<QString> cursor;
    std::optional<QList<LiveSubscription>> subscriptions;
};

/// A new credential of the same account, before the previous one expires.
struct LiveRenew {
    std::optional<QString> ticket;
    std::optional<QString> token;
};

// The object lacks each member without a value.
QJsonObject toJson(const RegisterRequest& request);
QJsonObject toJson(const LoginRequest& request);
QJsonObject toJson(const RefreshTokenRequest& request);
QJsonObject toJson(const CreateDeviceRequest& request);
QJsonObject toJson(const UpdateDeviceRequest& request);
QJsonObject toJson(const CreateUserRequest& request);
QJsonObject toJson(const UpdateUserRequest& request);
QJsonObject toJson(const LiveSubscription& request);
QJsonObject toJson(const LiveHello& request);
QJsonObject toJson(const LiveRenew& request);

} // namespace breakwater::desktop::messages
