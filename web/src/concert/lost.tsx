// A seat went to somebody else while it was chosen: that it did, and what is nearest to it.
import { text } from "../text/en";
import type { Offer } from "./alike";

export interface Loss {
  /** What is gone, in words. */
  said: string;
  offers: Offer[];
}

interface Props {
  loss: Loss;
  describe: (offer: Offer) => string;
  onTake: (offer: Offer) => void;
  onDismiss: () => void;
}

export function Lost({ loss, describe, onTake, onDismiss }: Props) {
  return (
    <div class="notice notice-strong lost" role="alert">
      <p>
        <b>{loss.said}</b> {loss.offers.length > 0 ? text.concert.instead : text.concert.noneLike}
      </p>
      {loss.offers.map((offer) => (
        <button key={offer.seats.join()} type="button" class="button button-wide lost-offer" onClick={() => onTake(offer)}>
          {describe(offer)}
        </button>
      ))}
      <button type="button" class="button button-plain" onClick={onDismiss}>
        {text.concert.dismiss}
      </button>
    </div>
  );
}
