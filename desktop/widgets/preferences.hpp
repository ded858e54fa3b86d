#pragma once

#include "widgets/color_scheme.hpp"

#include <QSettings>

namespace breakwater::desktop {

/// What is remembered between two starts. No secret is; a device cookie lets nobody in without the password.
class Preferences {
public:
    /// Of this person on this computer.
    Preferences();
    explicit Preferences(const QString& file);

    [[nodiscard]] QString server() const;
    void setServer(const QString& server);
    [[nodiscard]] QString email() const;
    void setEmail(const QString& email);
    [[nodiscard]] bool remembers() const;
    void setRemembers(bool remembers);
    [[nodiscard]] ColorScheme::Choice scheme() const;
    void setScheme(ColorScheme::Choice choice);
    /// "en", "pl", or empty: the system's.
    [[nodiscard]] QString language() const;
    void setLanguage(const QString& language);
    /// Of an account at a server, from the last sign-in; empty where there is none.
    [[nodiscard]] QString deviceCookie(const QString& account) const;
    void setDeviceCookie(const QString& account, const QString& cookie);
    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    [[nodiscard]] QByteArray columns() const;
    void setColumns(const QByteArray& columns);

private:
    mutable QSettings m_settings;
};

} // namespace breakwater::desktop
