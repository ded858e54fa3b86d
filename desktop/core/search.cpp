#include "core/search.hpp"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// The ASCII spelling of letters that Unicode normalization does not decompose: it decomposes é, but not ł.
QStringView plainLetter(QChar letter) {
    switch (letter.unicode()) {
    case u'ł': return u"l";
    case u'đ':
    case u'ð': return u"d";
    case u'ø': return u"o";
    case u'ħ': return u"h";
    case u'ı': return u"i";
    case u'ß': return u"ss";
    case u'æ': return u"ae";
    case u'œ': return u"oe";
    case u'þ': return u"th";
    default: return {};
    }
}

} // namespace

QString folded(const QString& text) {
    const QString decomposed = text.normalized(QString::NormalizationForm_KD).toLower();
    QString plain;
    plain.reserve(decomposed.size());
    for (const QChar letter : decomposed) {
        if (letter.isMark())
            continue;
        if (const QStringView spelling = plainLetter(letter); !spelling.isEmpty())
            plain += spelling;
        else
            plain += letter;
    }
    return plain;
}

bool containsText(const QString& text, const QString& pattern) {
    return folded(text).contains(folded(pattern.trimmed()));
}

QCollator naturalCollator() {
    // The C locale compares bytes and has no numeric order.
    const QLocale locale;
    QCollator collator{locale.language() == QLocale::C ? QLocale{QLocale::English} : locale};
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    return collator;
}

} // namespace breakwater::desktop
