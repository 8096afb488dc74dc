/* What is wrong with a file that somebody brought, line by line. */
#ifndef DUET_WEB_PROBLEM_VIEW_H
#define DUET_WEB_PROBLEM_VIEW_H

struct page;
struct roster_problems;

/* How many problems there are, the first of them as a table (line, column, what stands there, what
 * was expected), and the notes.  Nothing when there is neither. */
void problem_view_write(struct page *page, const struct roster_problems *problems);

#endif
