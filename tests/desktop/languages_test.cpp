#include "support/desk.hpp"
#include "support/fake_server.hpp"
#include "widgets/device_list.hpp"
#include "widgets/login_window.hpp"
#include "widgets/theme.hpp"

#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

namespace {

bool hasLabel(const QWidget& parent, const QString& text) {
    const auto labels = parent.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel* label) { return label->text() == text; });
}

/// The contrast ratio of two colours by WCAG 2.1: 1 to 21.
double contrast(const QColor& a, const QColor& b) {
    const auto luminance = [](const QColor& color) {
        const auto part = [](double value) {
            return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
    };
    const double lighter = std::max(luminance(a), luminance(b));
    const double darker = std::min(luminance(a), luminance(b));
    return (lighter + 0.05) / (darker + 0.05);
}

} // namespace

class LanguagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsPolishTexts() {
        PlainServer server{5};
        Desk desk{server.address(), u"pl"_s};
        desk.start();
        QCOMPARE(desk.client().loginWindow()->findChild<QPushButton*>(u"go"_s)->text(), u"Zaloguj się"_s);
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        QTRY_VERIFY(hasLabel(desk.window().list(), u"5 urządzeń"_s));
        server.devices.removeLast();
        desk.window().fleet().load();
        QTRY_VERIFY(hasLabel(desk.window().list(), u"4 urządzenia"_s));
    }

    void showsEnglishPlurals() {
        PlainServer server{1};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        QTRY_VERIFY(hasLabel(desk.window().list(), u"1 device"_s));
    }

    void coloursHaveEnoughContrast() {
        for (const QPalette& palette : {lightPalette(), darkPalette()}) {
            for (const auto background : {QPalette::Window, QPalette::Base}) {
                QVERIFY(contrast(palette.color(QPalette::Text), palette.color(background)) >= 7);
                for (const auto tone : {Tone::Accent, Tone::Good, Tone::Warn, Tone::Bad, Tone::Muted})
                    QVERIFY(contrast(color(tone, palette), palette.color(background)) >= 4.5);
                QVERIFY(contrast(palette.color(QPalette::PlaceholderText), palette.color(background)) >= 4);
                for (int n = 0; n < 6; ++n)
                    QVERIFY(contrast(lineColor(n, palette), palette.color(background)) >= 4);
            }
            QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >=
                    7);
        }
        QVERIFY(isDark(darkPalette()) && !isDark(lightPalette()));
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::LanguagesTest>(argc, argv);
}
#include "languages_test.moc"
