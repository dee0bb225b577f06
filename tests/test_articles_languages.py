from __future__ import annotations

import pytest

from geo.articles.languages import language_of, languages, phrases, script_of

SENTENCES = {
    "en": "The delegations met for a second day and agreed that the truce would be prolonged.",
    "fr": "Les délégations se sont réunies pour une deuxième journée et la trêve sera prolongée.",
    "de": "Die Delegationen trafen sich zum zweiten Tag und einigten sich auf eine Verlängerung der Waffenruhe.",
    "es": "Las delegaciones se reunieron por segundo día y acordaron que la tregua se prolongará.",
    "it": "Le delegazioni si sono riunite per il secondo giorno e hanno deciso di prolungare la tregua.",
    "pt": "As delegações se reuniram pelo segundo dia e não houve acordo para prolongar a trégua.",
    "nl": "De delegaties kwamen voor de tweede dag bijeen en het bestand wordt verlengd.",
    "pl": "Delegacje spotkały się po raz drugi i nie było zgody na to, że rozejm zostanie przedłużony.",
    "tr": "Heyetler ikinci gün bir araya geldi ve ateşkesin uzatılması için anlaşma sağlandı.",
    "ru": "Делегации встретились на второй день и договорились о том, что перемирие будет продлено.",
    "uk": "Делегації зустрілися на другий день і домовилися про те, що перемир'я буде продовжено.",
    "kk": "Делегациялар екінші күні кездесті және бітімді ұзарту туралы келісті деп хабарлайды.",
    "ar": "اجتمعت الوفود لليوم الثاني واتفقت على تمديد الهدنة التي بدأت في تموز.",
    "fa": "هیئت‌ها برای دومین روز دیدار کردند و توافق شد که آتش‌بس را تمدید کنند.",
    "he": "המשלחות נפגשו ביום השני והסכימו להאריך את הפסקת האש.",
    "el": "Οι αντιπροσωπείες συναντήθηκαν και συμφώνησαν να παρατείνουν την εκεχειρία.",
    "zh": "代表团举行第二天会议并同意延长停火。",
    "ja": "代表団は二日目の会合を行い、停戦の延長に合意した。",
    "ko": "대표단은 이틀째 회의를 열고 휴전 연장에 합의했다.",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_a_language_is_known_by_a_sentence(code: str, sentence: str) -> None:
    assert language_of(sentence) == code


@pytest.mark.parametrize("text", ["", "12:30", "Xyzzy plugh.", "…"])
def test_nothing_to_tell_by_is_none(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("معبر رفح مغلق", "ar"),
        ("Взрыв прогремел", "ru"),
        ("Київ обстріляли", "uk"),
        ("گزارش تازه", "fa"),
        ("Alep", None),
    ],
)
def test_words_that_tell_nothing_are_in_the_first_language_of_their_script(text: str, code: str | None) -> None:
    assert language_of(text) == code


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert language_of(f"{SENTENCES['en']} “Эр-Растан”, they said, and الرستن.") == "en"


@pytest.mark.parametrize(("text", "script"), [("Homs", "latin"), ("Хомс", "cyrillic"), ("حمص", "arabic"), ("42", None)])
def test_scripts_are_told_apart(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_every_language_has_twelve_months_or_none() -> None:
    assert {len(language.months) for language in languages()} <= {0, 12}


def test_phrases_are_gathered_over_languages() -> None:
    assert {"read also", "читайте также", "اقرأ أيضا"} <= phrases("tail")
