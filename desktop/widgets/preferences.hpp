#pragma once

#include "widgets/color_scheme.hpp"

#include <QSettings>

namespace breakwater::desktop {

/// What is remembered between two starts. No secret is.
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
    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    [[nodiscard]] QByteArray columns() const;
    void setColumns(const QByteArray& columns);

private:
    mutable QSettings m_settings;
};

} // namespace breakwater::desktop
