#pragma once

#include <QDBusVariant>
#include <QObject>

class QApplication;

namespace breakwater::desktop {

/// Light or dark: as people chose, or as the desktop says (through its portal, and where there is none, by
/// the palette it gave us). Follows when it changes.
class ColorScheme : public QObject {
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark };
    Q_ENUM(Choice)

    explicit ColorScheme(QApplication& application, QObject* parent = nullptr);

    void choose(Choice choice);
    [[nodiscard]] Choice choice() const { return m_choice; }

private Q_SLOTS:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void ask();
    void take(const QVariant& value);
    void apply();

    QApplication& m_application;
    Choice m_choice = Choice::System;
    bool m_systemIsDark;
};

} // namespace breakwater::desktop
