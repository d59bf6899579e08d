import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { HydratedDocument } from 'mongoose';

@Schema({ _id: false })
class Name {
  @Prop(String) title?: string;
  @Prop(String) firstName?: string;
  @Prop(String) middleName?: string;
  @Prop(String) lastName?: string;
  @Prop(String) suffix?: string;
}

@Schema({ _id: false })
class Contact {
  @Prop(String) primaryPhone?: string;
  @Prop(String) secondaryPhone?: string;
  @Prop(String) email?: string;
}

@Schema({ _id: false })
class Address {
  @Prop(String) type?: string;
  @Prop(String) description?: string;
  @Prop(String) address1?: string;
  @Prop(String) address2?: string;
  @Prop(String) city?: string;
  @Prop(String) state?: string;
  @Prop(String) postalCode?: string;
}

@Schema({ _id: false })
class CreditCard {
  @Prop(String) type?: string;
  @Prop(String) description?: string;
  @Prop(String) number?: string;
  @Prop(String) expiration?: string;
  @Prop(String) nameOnCard?: string;
}

@Schema()
export class Customer {
  @Prop(Name) name?: Name;
  @Prop(Contact) contact?: Contact;
  @Prop([Address]) addresses?: Address[];
  @Prop([CreditCard]) creditCards?: CreditCard[];
}

export type CustomerDocument = HydratedDocument<Customer>;
export const CustomerSchema = SchemaFactory.createForClass(Customer);
export const topic = 'nest.customer.change';
