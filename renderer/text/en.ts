import type { Words } from './words.ts';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export const en: Words = {
  name: 'English',
  chooseLanguage: 'Language',
  needHelp: 'Need help?',
  call: (helpLine) => `Or call ${helpLine}.`,
  date: (year, month, day) => `${day} ${months[month - 1]} ${year}`,
  day: (month, day) => `${day} ${months[month - 1]}`,
  seconds: (seconds) => (seconds === 1 ? '1 second' : `${seconds} seconds`),

  keys: {
    back: 'Back',
    cancel: 'Cancel',
    finish: 'Finish',
    retry: 'Try again',
    topUp: 'Top up',
    endVisit: 'Take my card',
    confirm: 'Confirm',
    otherAmount: 'Other amount',
    presets: 'Suggested amounts',
    add: (amount) => `Add ${amount}`,
    erase: 'Delete',
    moneyBack: 'Give my money back',
    understood: 'OK',
    moreTime: 'I need more time',
    printReceipt: 'Print receipt',
    printCopy: 'Print a copy',
    print: 'Print',
    findMoney: 'Where is my money?',
    lookUp: 'Look it up',
    askNow: 'Check now',
    finishTopUp: 'Finish now',
    payBack: 'Money back',
  },

  balance: 'Balance',
  before: 'Before',
  after: 'After',
  topUpAmount: 'Top-up',
  cardNumber: 'Card',
  validTo: 'Valid until',
  reference: 'Reference',
  means: { 'bank-card': 'Bank card', mobile: 'Phone' },

  obstacle: {
    aboveBalanceCap: (cap) => `This card holds ${cap} at most`,
    aboveLoadCap: (cap) => `${cap} at most each time`,
    belowMinimum: (minimum) => `From ${minimum}`,
    notAStep: (step) => `In steps of ${step}`,
    cardFull: 'This card is full. It can be topped up once you have used some of its balance.',
    cardExpired: (date) =>
      `This card expired on ${date}. Our staff can move its balance to a new card.`,
    cardNotYetValid: (date) => `This card can be used from ${date}. Please come back then.`,
    cardDisabled: 'This card has been switched off. Please ask our staff.',
    device: {
      reader: 'The card reader is not working. Please use another machine.',
      sam: 'This card can’t be topped up here just now. Please use another machine.',
      terminal: 'Not available just now',
      printer: 'No printed receipts just now. Everything else works.',
      journal: 'Top-up is not available here just now. Please use another machine.',
    },
    suspended: 'Paused for now: payments went unanswered',
  },
  device: {
    reader: 'Card reader',
    sam: 'Top-up module',
    terminal: 'Payment terminal',
    printer: 'Receipt printer',
    journal: 'Records',
  },
  fault: {
    unplugged: 'not connected',
    silent: 'not answering',
    garbled: 'not answering clearly',
    'service-down': 'its service has stopped',
    busy: 'busy',
    'not-ready': 'not ready',
    'paper-out': 'out of paper',
    'cover-open': 'cover open',
    'cutter-jam': 'cutter jammed',
    'head-hot': 'cooling down',
    suspended: 'paused, payments went unanswered',
    'disk-full': 'storage is full',
    'read-only': 'cannot be written',
    corrupt: 'damaged',
  },

  starting: { title: 'Starting up', lead: 'This machine will be ready in a moment.' },
  attract: {
    title: 'Insert your card',
    lead: 'See your balance and top up.',
    noTopUp: 'You can check your balance. Top-up is not available here just now.',
    balanceOnly: (titles) => `${titles}: balance only for now. Other cards can be topped up.`,
    noReceipt: 'No printed receipts just now.',
    payWith: 'Pay with',
    notNow: 'not now',
    suspended: {
      'bank-card': 'Bank cards are paused: payments went unanswered.',
      mobile: 'Phone payment is paused: payments went unanswered.',
    },
    payInstead: {
      'bank-card': 'Please pay by bank card.',
      mobile: 'Please pay with your phone.',
    },
  },
  reading: { title: 'Reading your card', lead: 'Please leave it where it is.' },
  card: {
    title: 'Top up this card?',
    blockedTitle: 'This card can’t be topped up now',
    notHere: {
      title: 'Balance only for now',
      lead: 'Your balance is right. Top-up is not available here just now: please use another machine.',
      thisKind:
        'Your balance is right. Cards of this kind can’t be topped up here just now: please use another machine.',
    },
    history: 'Last used',
    noHistory: 'Nothing recorded on this card yet.',
    rows: { load: 'Top-up', purchase: 'Payment', other: 'Other' },
  },
  amount: {
    title: 'How much to add?',
    typeTitle: 'Type an amount',
    fillTo: (balance) => `Fill up to ${balance}`,
    makes: 'New balance',
    range: (least, most) => `${least} to ${most}`,
  },
  confirm: {
    title: 'Is this right?',
    room: 'Room left after that',
    receipt: 'Print a receipt',
    yes: 'Yes',
    no: 'No',
  },
  chooseMeans: {
    title: 'How would you like to pay?',
    lead: 'Leave the card you are topping up where it is.',
  },
  pay: {
    preparing: { title: 'One moment', lead: 'Getting the payment terminal ready.' },
    present: {
      'bank-card': {
        title: 'Pay at the terminal',
        lead: 'Hold your bank card to the payment terminal, or insert it.',
      },
      mobile: {
        title: 'Pay at the terminal',
        lead: 'Open your payment app and hold your code to the terminal.',
      },
    },
    cancelling: { title: 'Stopping the payment', lead: 'Please do not pay now.' },
    toPay: 'To pay',
  },
  checkingPayment: {
    title: 'Checking your payment',
    lead: 'Please don’t pay again, and leave your card where it is. We are asking the terminal.',
  },
  holdCard: {
    paid: { title: 'Leave your card in', lead: 'You have paid. Your card is not topped up yet.' },
    writing: { title: 'Leave your card in', lead: 'We are adding the money to your card.' },
    done: { title: 'Almost there', lead: 'The money is on your card. One last check.' },
    steps: { paid: 'Paid', writing: 'Writing', done: 'Done' },
    stepsLabel: 'Progress',
  },
  putCardBack: {
    why: {
      'card-away': {
        title: 'Put your card back',
        lead: (last, amount) =>
          `Your ${amount} is safe. Insert the card ending in ${last} again and we finish your top-up.`,
      },
      'other-card': {
        title: 'That is another card',
        lead: (last) => `Please take it out and insert the card ending in ${last}.`,
      },
      'two-cards': {
        title: 'Two cards at once',
        lead: (last, amount) =>
          `Your ${amount} is safe. Take both out, then put back only the card ending in ${last}.`,
      },
      'card-mute': {
        title: 'Take your card out, then put it back',
        lead: (last, amount) =>
          `Your ${amount} is safe. The card ending in ${last} is not answering: please insert it once more.`,
      },
      'reader-down': {
        title: 'The card reader is not answering',
        lead: (_last, amount) =>
          `Your ${amount} is safe. Leave your card where it is: we go on as soon as the reader is back.`,
      },
    },
    settlesLead: (last, amount) =>
      `Your ${amount} is safe. Insert the card ending in ${last} again: your top-up is completed, or your money returned.`,
    cardTimeLeft: 'Waiting for your card',
    readerTimeLeft: 'Waiting for the reader',
  },
  moneyBack: {
    step: {
      'under-way': {
        title: 'Returning your money',
        lead: (amount) => `${amount} is on its way back. Please wait a moment.`,
      },
      released: {
        title: 'You have not been charged',
        lead: (amount) =>
          `The ${amount} held on your account is free again. Your bank may show it for a while.`,
      },
      refunded: {
        title: 'Your money is returned',
        lead: (amount) =>
          `We sent back ${amount} the way you paid. Your bank may need a few days to show it.`,
      },
    },
    why: {
      'card-not-written': 'Your card could not be written. Its balance has not changed.',
      'card-away': 'Your card was away, so we did not top it up.',
      cancelled: 'You stopped this top-up.',
    },
  },
  done: {
    title: 'Your card is topped up',
    lead: (amount) => `${amount} is on your card.`,
    receiptNext: (amount) => `${amount} is on your card. Your receipt comes next.`,
  },
  receipt: {
    printing: { title: 'Printing your receipt', lead: 'It comes out below.' },
    'paper-out': {
      title: 'The paper has run out',
      lead: 'Your receipt comes as soon as it is refilled. You can also photograph this code.',
    },
    'cover-open': {
      title: 'The printer is open',
      lead: 'Your receipt comes as soon as it is closed. You can also photograph this code.',
    },
    printed: { title: 'Take your receipt', lead: 'Thank you.' },
    'not-printed': {
      title: 'No receipt was printed',
      lead: 'Your top-up is complete. You can photograph this code instead.',
    },
    'maybe-printed': {
      title: 'Did your receipt come out?',
      lead: 'Your top-up is complete. If there is no paper, photograph this code.',
    },
    qr: 'Receipt as a QR code',
  },
  slip: {
    printing: 'Your receipt is being printed. It comes out below.',
    'paper-out': 'The paper has run out. Your receipt comes as soon as it is refilled.',
    'cover-open': 'The printer is open. Your receipt comes as soon as it is closed.',
    printed: 'Please take your receipt.',
    'not-printed': 'No receipt was printed.',
    'maybe-printed': 'Your receipt may not have come out.',
  },
  slipFirst: { title: 'One moment', lead: 'A receipt is still being printed.' },
  takeCard: { title: 'Take your card', lead: 'Thank you. Have a good journey.' },
  declined: {
    declined: {
      title: 'Your bank said no',
      lead: 'Try again, or pay with another card or your phone.',
    },
    cancelled: { title: 'Payment stopped', lead: 'You can try again or leave it.' },
    'timed-out': {
      title: 'The time to pay is over',
      lead: 'You can try again. There is plenty of time.',
    },
    'terminal-fault': {
      title: 'The terminal is not working',
      lead: 'Please pay another way, or use another machine.',
    },
    noMoney: 'No money was taken.',
  },
  refusedCard: {
    'unknown-card': {
      title: 'This card doesn’t work here',
      lead: 'Please take it out and insert the card you want to top up.',
    },
    'card-blocked': {
      title: 'This card is blocked',
      lead: 'Please take it to our staff. They can tell you why.',
    },
    'card-defective': {
      title: 'This card is damaged',
      lead: 'Please take it to our staff. They can replace it.',
    },
    'not-readable-now': {
      title: 'This card can’t be read here just now',
      lead: 'Your card is fine, and nothing on it has changed. Please use another machine, or try again later.',
    },
    unreadable: {
      title: 'We can’t read this card',
      lead: 'One card at a time, out of the wallet. Check which way round it goes, and insert it again.',
    },
    'reader-fault': {
      title: 'The card reader has a problem',
      lead: 'Your card has not been changed. Leave it in and we go on when the reader is back, or use another machine.',
    },
    known: {
      'bank-card': {
        title: 'This looks like a bank card',
        lead: 'It belongs to the payment terminal, when it is time to pay.',
      },
      't-union': {
        title: 'This looks like a T-Union card',
        lead: 'This machine does not top it up. Please use the app or a machine of the city it comes from.',
      },
      'city-card': {
        title: 'This looks like another city’s card',
        lead: 'This machine does not top it up. Please use the app or a machine of the city it comes from.',
      },
      'etc-card': {
        title: 'This looks like an ETC toll card',
        lead: 'This machine does not top it up. Please use the ETC app or an ETC service point.',
      },
      'mifare-classic': {
        title: 'This looks like a door or access card',
        lead: 'This machine does not top it up. If it is a travel or campus card, please ask our staff.',
      },
      'mifare-ultralight': {
        title: 'This looks like a ticket or a hotel key',
        lead: 'It can’t be topped up.',
      },
      felica: {
        title: 'This looks like a FeliCa card',
        lead: 'Cards such as Octopus or Suica are topped up where they are issued, not here.',
      },
      desfire: {
        title: 'This looks like another operator’s card',
        lead: 'This machine does not top it up. Please ask whoever gave it to you.',
      },
      calypso: {
        title: 'This looks like another city’s travel card',
        lead: 'This machine does not top up Calypso cards. Please use a machine of the city it comes from.',
      },
      cepas: {
        title: 'This looks like a Singapore travel card',
        lead: 'Cards such as EZ-Link are topped up in Singapore or in their app, not here.',
      },
      't-money': {
        title: 'This looks like a T-money card',
        lead: 'It is topped up at stations and shops in Korea, not here.',
      },
      cashbee: {
        title: 'This looks like a Cashbee card',
        lead: 'It is topped up at stations and shops in Korea, not here.',
      },
    },
  },
  seeStaff: {
    title: 'Keep this number',
    why: {
      'card-not-returned': (amount) =>
        `You paid ${amount}, but your card did not come back, so it is not topped up yet.`,
      'card-undecided': (amount) =>
        `You paid ${amount}, but we can’t tell whether it reached your card.`,
      'payment-undecided': (amount) =>
        `The terminal can’t tell whether ${amount} was paid. Please don’t pay again.`,
    },
    qr: 'Claim as a QR code',
    keep: 'Keep the slip, or photograph this code.',
    cardBack: 'Insert the same card here at any time: it is settled, or you see how it stands.',
  },
  findMoney: {
    title: 'Where is my money?',
    insert: {
      title: 'Insert your card',
      lead: 'We check it, and show what became of your last top-ups here.',
    },
    cardDown: 'Cards can’t be read just now. Please type the reference of your top-up.',
    type: 'Type the reference',
    orType: 'Or type the reference',
    hint: 'It is on your receipt, and was on the screen: 8 characters. What looks like an O is a zero.',
    unknown: (reference) => `${reference} is not known here. Please check each character.`,
    orCard: 'Or insert your card.',
    looking: { title: 'Looking it up', lead: 'One moment, please.' },
  },
  account: {
    title: 'Your last top-ups',
    ofCard: (last) => `At this machine, card ending in ${last}.`,
    none: {
      title: 'No top-up of this card here',
      lead: 'This machine knows of none. If you paid at another one, please ask there.',
    },
    ending: {
      loaded: {
        title: 'It is on your card',
        lead: 'The card itself has confirmed it.',
      },
      'paid-back': {
        title: 'Your money was returned',
        lead: 'It went back the way you paid. Your bank may need a few days to show it.',
      },
      'not-paid': {
        title: 'No money was taken',
        lead: 'The payment did not go through.',
      },
      'going-back': {
        title: 'Money on its way back',
        lead: 'The payment terminal has not confirmed it yet. We go on asking by ourselves.',
      },
      'being-checked': {
        title: 'Payment being checked',
        lead: 'The terminal has not told us yet whether you paid. We go on asking by ourselves.',
      },
      'card-needed': {
        title: 'Please insert this card',
        lead: 'Only the card can tell whether the money reached it. It is then settled by itself.',
      },
    },
    at: 'When',
    newBalance: (balance) => `New balance ${balance}`,
  },
  unfinished: {
    title: 'Finish your top-up?',
    lead: (last, amount) =>
      `You paid ${amount} here, and it did not reach your card ending in ${last}.`,
    timeLeft: 'Money goes back in',
  },
  outOfService: {
    title: 'Out of service',
    lead: 'Please use another machine. We are sorry.',
    settling: {
      title: 'One moment',
      lead: 'We are completing an earlier payment. Please wait, or use another machine.',
    },
    balanceWorks: 'You can still check your balance: insert your card.',
    seeLog: '… see the log',
  },
  idle: { title: 'Are you still there?', lead: 'Your visit ends in' },
  oneMoment: { title: 'One moment', lead: 'We will be right back. What you have paid is safe.' },
};
