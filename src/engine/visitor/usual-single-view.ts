import type { SatisfactionWords, SentimentWords, SupportWords } from '../language/single-view-definition.js';

/** What counts where the rule files say nothing: the names that Segment's users and help desks mostly give. */
export const usualSingleView: {
  readonly support: Required<SupportWords>;
  readonly satisfaction: Required<SatisfactionWords>;
  readonly sentiment: Required<SentimentWords>;
} = {
  support: {
    contacted: [{ names: ['Support', 'Customer Support'], followedBy: ['Contacted', 'Called', 'Chatted'] }],
    opened: [
      {
        names: matters(),
        followedBy: ['Opened', 'Created', 'Submitted', 'Reopened', 'Updated', 'Replied', 'Escalated', 'Assigned'],
      },
    ],
    closed: [{ names: matters(), followedBy: ['Resolved', 'Solved', 'Closed'] }],
    case: ['caseId', 'case_id', 'ticketId', 'ticket_id', 'conversationId', 'conversation_id'],
    topic: ['topic', 'subject', 'title'],
    minutes: ['minutes'],
    seconds: ['durationSeconds'],
  },
  satisfaction: {
    rated: [
      { names: ['Rated', 'Reviewed'], afterAnyWords: true },
      {
        names: ['Rating', 'Review', 'NPS', 'CSAT', 'Survey', 'Feedback'].flatMap((one) => [one, `${one} Score`]),
        followedBy: ['Submitted', 'Answered', 'Completed', 'Given', 'Left'],
        afterAnyWords: true,
      },
    ],
    scales: [
      { property: 'score', worst: 0, best: 10 },
      { property: 'rating', worst: 1, best: 5 },
      { property: 'stars', worst: 1, best: 5 },
    ],
    wider: [10, 100],
    best: ['best', 'outOf', 'scale', 'max'],
    worst: ['worst', 'min'],
    helpful: ['helpful', 'wasHelpful', 'was_helpful'],
    yes: [true, 1, 'yes', 'true', 'up', 'helpful'],
    no: [false, 0, -1, 'no', 'false', 'down', 'unhelpful'],
  },
  sentiment: {
    properties: ['sentiment'],
    words: { 'very negative': -1, negative: -0.5, neutral: 0, mixed: 0, positive: 0.5, 'very positive': 1 },
  },
};

function matters(): string[] {
  return ['Case', 'Ticket', 'Conversation'].flatMap((one) => [one, `Support ${one}`, `Customer Support ${one}`]);
}
