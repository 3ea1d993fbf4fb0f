"""The people of the practice LMS, in ``people.json``.

Everybody in that file is invented: the school, its children, their families, the staff, every address and
every identifier. Names, relations and languages follow the project's fictional scenarios; any likeness is
accidental. ``example.org`` is reserved (RFC 2606), so no message can reach a living mailbox. The mail
addresses of families hold no name on purpose: the stage searches every byte that left for the names of the
children and their families, and an address must not decide that search.

One person is one line. Fields: ``key`` (the word in ``?as=``), ``sub`` (the LTI subject, a fixed UUID),
``canvas_user_id`` (a fixed number), names, ``email``, ``locale`` (BCP-47), ``time_zone`` (IANA), ``about`` (a
label for the page that asks who you are), ``enrollments`` (``course``, ``role`` one of ``teacher``, ``ta``,
``student``, ``observer``, ``test_student``; ``observes`` holds keys) and ``account_roles``.
"""
