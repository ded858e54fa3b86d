#pragma once

#include "widgets/color_scheme.hpp"

#include <QSettings>

namespace breakwater::desktop {

/// The persistent settings. They contain no secrets: a device cookie does not sign in without the password.
class Preferences {
public:
    /// The settings of the current user of this computer.
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
    /// "en", "pl", or empty for the system language.
    [[nodiscard]] QString language() const;
    void setLanguage(const QString& language);
    /// The device cookie of an account at a server, from its last sign-in. Empty if there is none.
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
